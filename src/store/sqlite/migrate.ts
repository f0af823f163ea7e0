import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { folderOf } from './backups.ts'
import { MIGRATIONS, PREPARATIONS } from './schema.ts'
import { APPLICATION_ID, schemaVersion } from './schema-version.ts'

/**
 * Brings a database up to date, with one transaction for each version, and those that prepare it. An older database is
 * copied first, and gives back to the disk what it needs no more.
 */
export function migrate(db: Database.Database, path: string): void {
  const before = schemaVersion(db)
  if (before > 0 && before < MIGRATIONS.length) keepCopy(db, path, before)
  for (let version = before; version < MIGRATIONS.length; version++) {
    PREPARATIONS.get(version)?.(db)
    db.transaction(() => {
      MIGRATIONS[version]!(db)
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${version + 1}`)
    }).immediate()
  }
  if (before > 0 && before < MIGRATIONS.length) db.pragma('incremental_vacuum')
}

/** Copies a database before it is migrated. The copy is for the version that wrote it, and stays until somebody removes it. */
function keepCopy(db: Database.Database, path: string, version: number): void {
  const folder = folderOf(path)
  const copy = join(folder, `schema-${version}.sqlite`)
  mkdirSync(folder, { recursive: true })
  rmSync(`${copy}.unfinished`, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(`${copy}.unfinished`)
  } catch (error) {
    for (const left of [`${copy}.unfinished`, `${copy}.unfinished-journal`]) rmSync(left, { force: true })
    throw error
  }
  renameSync(`${copy}.unfinished`, copy)
}
