import type { z } from 'zod'
import { configJsonSchema } from './json-schema.ts'

/** What is wrong with a configuration, one line for each fault; `where` begins each. */
export function complaints(json: unknown, issues: readonly z.core.$ZodIssue[], where: string): string {
  return issues
    .flatMap(closest)
    .map((issue) => complaint(json, issue, where))
    .join('\n')
}

/** Where a value may be one of several things: what is wrong with it as the one that it comes closest to. */
function closest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const within = issue.errors.find((issues) => issues.some(({ path }) => path.length > 0))
  return within?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

function complaint(json: unknown, issue: z.core.$ZodIssue, where: string): string {
  const path = issue.path.join('.')
  const at = path === '' ? where : `${where}: ${path}`
  if (issue.code !== 'unrecognized_keys') return `${at}: ${issue.message}`
  const known = knownKeys(json, issue.path).join(', ')
  return `${at}: unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')} (known: ${known})`
}

/** A part of a JSON Schema, as far as it says which keys an object may have. */
interface SchemaPart {
  readonly properties?: Readonly<Record<PropertyKey, SchemaPart>>
  readonly items?: SchemaPart
  readonly anyOf?: readonly SchemaPart[]
  readonly oneOf?: readonly SchemaPart[]
  readonly const?: unknown
}

function knownKeys(json: unknown, path: readonly PropertyKey[]): string[] {
  let schema: SchemaPart = configJsonSchema() as SchemaPart
  let value = json
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown>)[key]
    schema = objectOf((typeof key === 'number' ? schema.items : schema.properties?.[key]) ?? {}, value)
  }
  return Object.keys(schema.properties ?? {})
}

/** The schema of the object that is meant by `value`, where it may be one of several. */
function objectOf(schema: SchemaPart, value: unknown): SchemaPart {
  const options = (schema.anyOf ?? schema.oneOf ?? []).filter(({ properties }) => properties !== undefined)
  return options.find(({ properties }) => hasConstants(properties!, value)) ?? options[0] ?? schema
}

/** Whether the object has what a schema fixes of it, such as its type. */
function hasConstants(properties: NonNullable<SchemaPart['properties']>, value: unknown): boolean {
  const object = value as Readonly<Record<string, unknown>>
  return Object.entries(properties).every(([key, part]) => part.const === undefined || part.const === object[key])
}
