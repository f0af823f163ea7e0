import { defaultDatabase, loadConfig } from '../config/load.ts'
import { sqliteReader } from '../store/sqlite/sqlite-reader.ts'
import type { Reader } from '../store/store.ts'

export const DB_OPTION = {
  db: { type: 'string', describe: 'SQLite file (default: the one of your account)', requiresArg: true },
} as const

export const JSON_OPTION = {
  json: { type: 'boolean', default: false, describe: 'print JSON, one object per line' },
} as const

/** Opens the database that the command line names, uses it, and closes it. Throws a StoreError. */
export async function withReader<T>(db: string | undefined, use: (reader: Reader) => T | Promise<T>): Promise<T> {
  const reader = sqliteReader(db ?? loadConfig(undefined).database ?? defaultDatabase())
  try {
    return await use(reader)
  } finally {
    reader.close()
  }
}
