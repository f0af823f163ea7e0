import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { formatSet } from '../core/formats/format-set.ts'
import { messageOf } from '../protocol/error-message.ts'
import { type Config, configSchema } from './config.ts'
import { ConfigError } from './config-error.ts'
import { configJsonSchema } from './json-schema.ts'

/** Reads and checks a configuration file; without a path, the defaults. Throws a ConfigError. */
export function loadConfig(path: string | undefined): Config {
  if (path === undefined) return configSchema.parse({})
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${path}: cannot read the configuration: ${messageOf(error)}`, { cause: error })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`${path}: not valid JSON: ${messageOf(error)}`, { cause: error })
  }
  return checkConfig(json, path)
}

/** Checks parsed configuration; `where` begins every complaint. Throws a ConfigError. */
export function checkConfig(json: unknown, where: string): Config {
  const result = configSchema.safeParse(json)
  if (!result.success)
    throw new ConfigError(
      result.error.issues
        .flatMap(closest)
        .map((issue) => complaint(issue, where))
        .join('\n'),
    )
  for (const list of ['sinks', 'rules'] as const) {
    const names = result.data[list].map(({ name }) => name)
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined)
      throw new ConfigError(`${where}: ${list}: two are called "${twice}"; give each its own name`)
  }
  const formats = formatSet(result.data.formats)
  if (!formats.ok) throw new ConfigError(`${where}: ${formats.problem}`)
  return result.data
}

/** The database of this account: under XDG_STATE_HOME, or ~/.local/state. */
export function defaultDatabase(): string {
  const state = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  return join(state, 'nanwatch', 'nanwatch.db')
}

/** A value that may be kept out of the file: "env:NAME" is the environment variable's. Throws a ConfigError. */
function secret(value: string, where: string): string {
  if (!value.startsWith('env:')) return value
  const name = value.slice('env:'.length)
  const found = process.env[name]
  if (found === undefined || found === '')
    throw new ConfigError(`${where}: the environment variable ${name} is not set`)
  return found
}

/** An http or https address, which may be kept out of the file and is in no message. Throws a ConfigError. */
export function secretUrl(value: string, where: string): string {
  const text = secret(value, where)
  const url = URL.canParse(text) ? new URL(text) : null
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!isHttp || url.username !== '' || url.password !== '')
    throw new ConfigError(`${where}: not an http or https address (without a user name or password in it)`)
  return text
}

/** Where a value may be one of several things: what is wrong with it as the one that it comes closest to. */
function closest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const within = issue.errors.find((issues) => issues.some(({ path }) => path.length > 0))
  return within?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

function complaint(issue: z.core.$ZodIssue, where: string): string {
  const path = issue.path.join('.')
  const at = path === '' ? where : `${where}: ${path}`
  if (issue.code !== 'unrecognized_keys') return `${at}: ${issue.message}`
  return `${at}: unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')} (known: ${knownKeys(issue.path).join(', ')})`
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configJsonSchema()
  for (const key of path) schema = step(schema, key)
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {})
}

function step(schema: unknown, key: PropertyKey): unknown {
  const { properties, items, anyOf } = schema as {
    properties?: Record<PropertyKey, unknown>
    items?: unknown
    anyOf?: unknown[]
  }
  const next = typeof key === 'number' ? items : properties?.[key]
  if (next !== undefined) return objectOf(next)
  return anyOf === undefined ? undefined : step(objectOf({ anyOf }), key)
}

function objectOf(schema: unknown): unknown {
  const { anyOf } = schema as { anyOf?: { properties?: unknown }[] }
  return anyOf?.find((option) => option.properties !== undefined) ?? schema
}
