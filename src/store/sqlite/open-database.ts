import { existsSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { errorMessage } from '../../protocol/error-message.ts'
import { openSqlite } from '../../sqlite/open-sqlite.ts'
import { StoreError } from '../store-error.ts'
import { needSqlite } from './need-sqlite.ts'
import { APPLICATION_ID, SCHEMA_VERSION, schemaVersion } from './schema-version.ts'
import { hasNoRoom } from './sqlite-reason.ts'

/** In older versions two connections that checkpoint at the same moment can corrupt a WAL database. */
const LOWEST_SQLITE = [3, 51, 3] as const

/** Opens a connection that cannot change anything. Throws a StoreError. */
export function openForReading(path: string): Database.Database {
  needSqlite()
  if (!existsSync(path)) throw noDatabaseYet(path)
  return connect(path, { readonly: true, fileMustExist: true }, (db) => {
    db.pragma('query_only = ON')
    checkVersion(db, path)
  })
}

/** Opens a connection and prepares it. Closes it again, and throws a StoreError, where that fails. */
export function connect(
  path: string,
  options: Database.Options,
  prepare: (db: Database.Database) => void,
): Database.Database {
  let db: Database.Database | undefined
  try {
    db = openSqlite(path, { timeout: 5000, ...options })
    checkSqlite(db)
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    checkOwner(db, path)
    prepare(db)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof StoreError) throw error
    const advice = hasNoRoom(error)
      ? 'Make room: to bring it up to date takes about twice its size for a while, and nothing of it is lost'
      : 'See that you may read and write it, move it away, or name another with --db'
    throw new StoreError(`${path}: not a usable database: ${errorMessage(error)}. ${advice}.`, { cause: error })
  }
}

function checkOwner(db: Database.Database, path: string): void {
  const id = db.pragma('application_id', { simple: true })
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (id !== APPLICATION_ID && !isEmpty) {
    throw new StoreError(`${path}: a database of another program. Name another file with --db.`)
  }
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

function checkVersion(db: Database.Database, path: string): void {
  const version = schemaVersion(db)
  refuseNewer(path, version)
  if (version === 0) throw noDatabaseYet(path)
  if (version < SCHEMA_VERSION) {
    throw new StoreError(
      `${path}: written by an older nanwatch (schema ${version}). Start \`nanwatch watch\` once to bring it up to date.`,
    )
  }
}

/** Throws a StoreError for a version that a later nanwatch wrote. */
export function refuseNewer(path: string, version: number): void {
  if (version <= SCHEMA_VERSION) return
  throw new StoreError(
    `${path}: written by a newer nanwatch (schema ${version}, this one knows ${SCHEMA_VERSION}). Update nanwatch, or name another with --db.`,
  )
}

function noDatabaseYet(path: string): StoreError {
  return new StoreError(
    `${path}: no nanwatch database yet. Start \`nanwatch watch\`, or name another with --db or --config.`,
  )
}
