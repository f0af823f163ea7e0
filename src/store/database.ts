import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'
import { StoreError } from './store-error.ts'

/** Below it, two connections that checkpoint at the same moment can corrupt a WAL database. */
const LOWEST_SQLITE = [3, 51, 3] as const
const WAL_LIMIT_BYTES = 64 * 1024 * 1024

/** Opens the daemon's writing connection: creates the database, or migrates an older one. */
export function openForWriting(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = connect(path, {})
  try {
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`)
    db.pragma('foreign_keys = ON')
    migrate(db, path)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** Opens a connection that can change nothing. */
export function openForReading(path: string): Database.Database {
  const db = connect(path, { readonly: true, fileMustExist: true })
  try {
    db.pragma('query_only = ON')
    checkVersion(db, path)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

function connect(path: string, options: Database.Options): Database.Database {
  let db: Database.Database
  try {
    db = new Database(path, { timeout: 5000, ...options })
  } catch (error) {
    throw new StoreError(
      `${path}: cannot open the database: ${messageOf(error)}. Does the file exist, and may you read it?`,
      {
        cause: error,
      },
    )
  }
  try {
    checkSqlite(db)
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    const id = db.pragma('application_id', { simple: true })
    const isEmpty = db.prepare('SELECT count(*) AS n FROM sqlite_schema').pluck().get() === 0
    if (id !== APPLICATION_ID && !isEmpty) {
      throw new StoreError(`${path}: a database of another program. Name another file with --db.`)
    }
  } catch (error) {
    db.close()
    if (error instanceof StoreError) throw error
    throw new StoreError(
      `${path}: not a usable database: ${messageOf(error)}. Move it away or name another with --db.`,
      {
        cause: error,
      },
    )
  }
  return db
}

function checkSqlite(db: Database.Database): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get())
  const parts = version.split('.').map(Number)
  const isOld = LOWEST_SQLITE.some(
    (low, i) => (parts[i] ?? 0) < low && LOWEST_SQLITE.slice(0, i).every((same, j) => parts[j] === same),
  )
  if (isOld) {
    throw new StoreError(
      `SQLite ${version} can corrupt a WAL database; nanwatch needs ${LOWEST_SQLITE.join('.')}: npm install better-sqlite3@latest`,
    )
  }
}

function migrate(db: Database.Database, path: string): void {
  const from = schemaVersion(db)
  if (from > MIGRATIONS.length) throw newerVersion(path, from)
  for (let version = from; version < MIGRATIONS.length; version++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version]!)
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${version + 1}`)
    }).immediate()
  }
}

function checkVersion(db: Database.Database, path: string): void {
  const version = schemaVersion(db)
  if (version > MIGRATIONS.length) throw newerVersion(path, version)
  if (version < MIGRATIONS.length) {
    throw new StoreError(
      version === 0
        ? `${path}: no nanwatch database yet. Start \`nanwatch watch\`, or name another with --db.`
        : `${path}: written by an older nanwatch (schema ${version}). Start \`nanwatch watch\` once to bring it up to date.`,
    )
  }
}

function newerVersion(path: string, version: number): StoreError {
  return new StoreError(
    `${path}: written by a newer nanwatch (schema ${version}, this one knows ${MIGRATIONS.length}). Update nanwatch, or name another with --db.`,
  )
}

function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
