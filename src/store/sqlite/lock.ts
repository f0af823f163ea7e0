import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { errorMessage } from '../../protocol/error-message.ts'
import { openSqlite } from '../../sqlite/open-sqlite.ts'
import { StoreError } from '../store-error.ts'
import { needSqlite } from './need-sqlite.ts'

/**
 * Makes this process the only writer of a database until the returned function is called.
 *
 * The lock is an open exclusive transaction on a small database beside it: the
 * kernel frees it with the process, so `kill -9` leaves no stale lock behind.
 */
export function lock(path: string): () => void {
  needSqlite()
  let file: Database.Database | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    file = openSqlite(`${path}.lock`, { timeout: 0 })
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file?.close()
    throw isBusy(error)
      ? new StoreError(
          `${path}: another nanwatch is writing this database. Stop it (\`nanwatch status\` says where it serves), or name another with --db.`,
          { cause: error },
        )
      : new StoreError(
          `${path}.lock: cannot be made: ${errorMessage(error)}. See that you may write to its folder, or name another with --db.`,
          { cause: error },
        )
  }
  const held = file
  return () => held.close()
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}
