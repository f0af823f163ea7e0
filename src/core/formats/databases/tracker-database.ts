import type { ParseResult } from '../../records/format.ts'

export type DatabaseValue = string | number | bigint | Uint8Array | null

export type DatabaseRow = Readonly<Record<string, DatabaseValue>>

/** The names of the columns of each table. */
export type DatabaseTables = ReadonlyMap<string, ReadonlySet<string>>

/**
 * A kind of SQLite database that an experiment tracker logs to.
 *
 * Pure: the queries are text, and what they give is turned into records here. A
 * database holds many runs, each of which is read like a file of its own.
 */
export interface TrackerDatabase {
  readonly name: string
  /** One sentence for `nanwatch formats` and the docs. */
  readonly about: string
  readonly example: string
  /** How the files of such databases are called, as patterns for `isNamed`: those are followed below a folder. */
  readonly names: readonly string[]
  /** Why no such database can be read, and what to do; null for one that can. */
  readonly refusal: string | null
  recognises(tables: DatabaseTables): boolean
  /** Gives `key`, which never changes, and `name`, for people. */
  readonly runsSql: string
  /** Gives the rows of the run `@run` whose `rowid` is above `@after`, in the order of `rowid`, `@limit` at most. */
  readonly rowsSql: string
  /** The table that the rows are in. */
  readonly table: string
  /** Whether a row belongs to the record that the row before it began. */
  joins(row: DatabaseRow, before: DatabaseRow): boolean
  /** Turns the rows of one record into it. */
  parse(rows: readonly DatabaseRow[]): ParseResult
}

/** The usual names of a database of SQLite. */
export const SQLITE_NAMES: readonly string[] = ['*.db', '*.sqlite', '*.sqlite3']

/** Whether `table` is there with all of `columns`. */
export function hasColumns(tables: DatabaseTables, table: string, columns: readonly string[]): boolean {
  const known = tables.get(table)
  return known !== undefined && columns.every((column) => known.has(column))
}
