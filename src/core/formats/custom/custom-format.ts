import type { Role } from '../../../protocol/sample.ts'
import type { LogRecord, ParseResult } from '../../records/format.ts'

/** A format that a user describes in the configuration. */
export type CustomFormat = CustomLines | CustomJson

interface Described {
  /** How the format is called wherever a file's format is told. */
  readonly name: string
  /** What a metric is for, where its name does not say so: `{"objective": "train_loss"}`. */
  readonly roles?: Readonly<Record<string, Role>> | undefined
}

/** A log whose lines match a regular expression with named groups. */
export interface CustomLines extends Described {
  readonly regex: string
}

/** JSON, one value per line or a document, whose records are at a path. */
export interface CustomJson extends Described {
  /** Where the records are: `history[*]`; the whole value unless told. */
  readonly records?: string | undefined
  /** Per name the path of its value in a record; all numbers of a record unless told. */
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** What was built from a description, or what is wrong with it, in words for its author. */
export type Built<T> = { readonly ok: true; readonly format: T } | { readonly ok: false; readonly problem: string }

/** Gives each metric the role that its author has told. */
export function withRoles(result: ParseResult, roles: CustomFormat['roles']): ParseResult {
  if (roles === undefined || result.kind !== 'records') return result
  return { kind: 'records', records: result.records.map((record) => recordWithRoles(record, roles)) }
}

function recordWithRoles(record: LogRecord, roles: Readonly<Record<string, Role>>): LogRecord {
  if (record.kind !== 'scalars') return record
  const scalars = record.scalars.map((scalar) =>
    Object.hasOwn(roles, scalar.metric) ? { ...scalar, role: roles[scalar.metric]! } : scalar,
  )
  return { ...record, scalars }
}
