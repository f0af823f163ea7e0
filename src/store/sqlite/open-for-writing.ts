import { randomUUID } from 'node:crypto'
import type Database from 'better-sqlite3'
import { migrate } from './migrate.ts'
import { connect, refuseNewer } from './open-database.ts'
import { schemaVersion } from './schema-version.ts'

const WAL_LIMIT_BYTES = 64 * 1024 * 1024

/** Opens the daemon's writing connection. Creates the database, or migrates an older one. Throws a StoreError. */
export function openForWriting(path: string, onStatement?: (sql: string) => void): Database.Database {
  const verbose = onStatement === undefined ? {} : { verbose: (sql: unknown) => onStatement(String(sql)) }
  return connect(path, verbose, (db) => {
    refuseNewer(path, schemaVersion(db))
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`)
    db.pragma('foreign_keys = ON')
    migrate(db, path)
    db.prepare("INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING").run(randomUUID())
  })
}
