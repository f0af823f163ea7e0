import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { openSqlite } from '../../sqlite/open-sqlite.ts'

/** Larger databases are not checked at each start: reading one takes more than a second or two. */
const LARGEST_CHECKED_BYTES = 1024 * 1024 * 1024

/** Whether a file is sound. `unreadable` says nothing about it: rights or file descriptors to open it are missing. */
export type Soundness = 'sound' | 'damaged' | 'unreadable'

/** Whether SQLite can read the file and finds no damage in it. Never throws. */
export function soundnessOf(path: string): Soundness {
  let db: Database.Database | undefined
  try {
    db = openSqlite(path, { fileMustExist: true, timeout: 5000 })
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    if (statSync(path).size > LARGEST_CHECKED_BYTES) return 'sound'
    return db.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'sound' : 'damaged'
  } catch (error) {
    const isDamage = error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
    return isDamage ? 'damaged' : 'unreadable'
  } finally {
    db?.close()
  }
}
