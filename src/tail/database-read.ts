import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { isSqlite, SQLITE_MAGIC } from '../core/binary/sqlite-head.ts'
import { DATABASES } from '../core/formats/databases/index.ts'
import type { DatabaseRow, TrackerDatabase } from '../core/formats/databases/tracker-database.ts'
import type { ParseResult } from '../core/records/format.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'

/** One run of a database. */
export interface DatabaseRun {
  /** Never changes, unlike the name. */
  readonly key: string
  readonly name: string
}

/** How far a run has been read: the last row looked at, and what it held. */
export type DatabaseCursor = {
  readonly rowid: number
  readonly anchor: string
}

export interface DatabasePage {
  /** What each record gave, with the row at which it begins. */
  readonly results: readonly { readonly offset: number; readonly result: ParseResult }[]
  readonly cursor: DatabaseCursor
  readonly hasMore: boolean
  /** True when the rows that were read are no longer those in the database: this page begins at the first row again. */
  readonly isAnew: boolean
}

export type DatabaseOpening =
  | { readonly kind: 'open'; readonly reader: DatabaseReader }
  /** No database, or one of a kind that is not known. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly name: string; readonly advice: string }
  /** It cannot be read just now: busy, half written, or not permitted. */
  | { readonly kind: 'unreadable'; readonly reason: string }

export const DATABASE_START: DatabaseCursor = { rowid: 0, anchor: '' }

/** A writer waits for readers, so none may take long. */
const PAGE_ROWS = 2000
const BUSY_TIMEOUT_MS = 200
/** A database that nobody has open is copied into memory up to this size, for opening it would leave files beside it. */
const MAX_COPY_BYTES = 256 * 1024 * 1024
/** Where the header tells the journal mode, twice, and what it holds for the write-ahead log. */
const MODE_OFFSETS = [18, 19] as const
const WAL_MODE = 2
const ROLLBACK_MODE = 1

/**
 * Opens a database of an experiment tracker, to read it and nothing else.
 *
 * A database with a write-ahead log that is in use is read through that log. One
 * that nobody uses is read from a copy in memory: opening it would create a log
 * and an index beside it, and leave them there.
 */
export function openDatabase(path: string): DatabaseOpening {
  let sqlite: Sqlite.Database | undefined
  try {
    const source = sourceOf(path)
    if (source === null) return { kind: 'unknown' }
    sqlite = openSqlite(source, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    sqlite.pragma('query_only = ON')
    sqlite.pragma('trusted_schema = OFF')
    const tables = tablesOf(sqlite)
    const database = DATABASES.find((each) => each.recognises(tables))
    if (database !== undefined && database.refusal === null) {
      return { kind: 'open', reader: new DatabaseReader(sqlite, database) }
    }
    sqlite.close()
    if (database === undefined) return { kind: 'unknown' }
    return { kind: 'refused', name: database.name, advice: database.refusal ?? '' }
  } catch (error) {
    sqlite?.close()
    return { kind: 'unreadable', reason: errorMessage(error) }
  }
}

/** Reads the runs of an open database, page by page. Its methods throw what SQLite throws, such as SQLITE_BUSY. */
export class DatabaseReader implements Disposable {
  readonly database: TrackerDatabase
  readonly #sqlite: Sqlite.Database

  constructor(sqlite: Sqlite.Database, database: TrackerDatabase) {
    this.#sqlite = sqlite
    this.database = database
  }

  runs(): readonly DatabaseRun[] {
    return this.#sqlite.prepare<[], DatabaseRun>(this.database.runsSql).all()
  }

  /** The records of a run after `cursor`, and where to read next; rows of other runs are passed over. */
  page(run: string, cursor: DatabaseCursor, limit = PAGE_ROWS): DatabasePage {
    return this.#sqlite.transaction(() => this.#page(run, cursor, limit))()
  }

  [Symbol.dispose](): void {
    this.#sqlite.close()
  }

  #page(run: string, cursor: DatabaseCursor, limit: number): DatabasePage {
    const { database } = this
    const found = this.#anchorAt(cursor.rowid)
    const isAnew = found !== null && found !== cursor.anchor
    const last = this.#lastRowid()
    const after = isAnew ? 0 : Math.min(cursor.rowid, last)
    const rows = this.#sqlite.prepare<[object], DatabaseRow>(database.rowsSql).all({ run, after, limit })
    const hasMore = rows.length === limit
    const groups = groupsOf(rows, database)
    // What was logged together may go on behind the page: it is left for the next one.
    if (hasMore && groups.length > 1) groups.pop()
    const rowid = hasMore ? Number(groups.at(-1)!.at(-1)!['rowid']) : last
    return {
      results: groups.map((group) => ({ offset: Number(group[0]!['rowid']), result: database.parse(group) })),
      cursor: { rowid, anchor: this.#anchorAt(rowid) ?? '' },
      hasMore,
      isAnew,
    }
  }

  #lastRowid(): number {
    return Number(this.#sqlite.prepare(`SELECT max(rowid) FROM ${this.database.table}`).pluck().get() ?? 0)
  }

  /** The row at `rowid` as text, or null where none is: rows of a run that was deleted are no reason to begin again. */
  #anchorAt(rowid: number): string | null {
    const row = this.#sqlite.prepare(`SELECT * FROM ${this.database.table} WHERE rowid = ?`).raw().get(rowid)
    return row === undefined ? null : (row as unknown[]).map(String).join('|').slice(0, MAX_ANCHOR_CHARS)
  }
}

const MAX_ANCHOR_CHARS = 256

function groupsOf(rows: readonly DatabaseRow[], database: TrackerDatabase): DatabaseRow[][] {
  const groups: DatabaseRow[][] = []
  let before: DatabaseRow | null = null
  for (const row of rows) {
    if (before !== null && database.joins(row, before)) groups.at(-1)!.push(row)
    else groups.push([row])
    before = row
  }
  return groups
}

function tablesOf(sqlite: Sqlite.Database): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = sqlite
    .prepare<[], { table: string; column: string }>(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
       WHERE t.type = 'table'`,
    )
    .all()
  const tables = new Map<string, Set<string>>()
  for (const { table, column } of columns) {
    const known = tables.get(table)
    if (known === undefined) tables.set(table, new Set([column]))
    else known.add(column)
  }
  return tables
}

/** What to open: the path, or the content of a database that nobody has open; null for a file of another kind. */
function sourceOf(path: string): string | Buffer | null {
  const head = headOf(path)
  if (!isSqlite(head)) return null
  const isInUse = existsSync(`${path}-wal`)
  if (head[MODE_OFFSETS[0]] !== WAL_MODE || isInUse) return path
  const before = statSync(path, { bigint: true })
  if (before.size > MAX_COPY_BYTES) return path
  const copy = readFileSync(path)
  const after = statSync(path, { bigint: true })
  const isTorn = before.mtimeNs !== after.mtimeNs || before.size !== after.size || existsSync(`${path}-wal`)
  if (isTorn) throw new Error('it changed while it was read')
  for (const offset of MODE_OFFSETS) copy[offset] = ROLLBACK_MODE
  return copy
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(SQLITE_MAGIC.length + MODE_OFFSETS.length + 2)
  const descriptor = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0))
  } finally {
    closeSync(descriptor)
  }
}
