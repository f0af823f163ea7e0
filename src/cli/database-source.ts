import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { defaultDatabase, loadConfig } from '../config/load.ts'
import type { SqlReader } from '../store/sqlite/sql-reader.ts'
import { type SqliteFactory, sqliteFactory } from '../store/sqlite/sqlite-factory.ts'

/** The arguments of a command that opens a database. */
export interface DatabaseSource {
  config?: string | undefined
  db?: string | undefined
}

export const DATABASE_OPTIONS = {
  config: { type: 'string', describe: 'configuration file', requiresArg: true },
  db: {
    type: 'string',
    describe: 'SQLite file (default: that of the configuration, or else of your account)',
    requiresArg: true,
  },
} as const

/**
 * Which database a command is about: the one that `--db` names, else that of the
 * configuration, else that of the account. A relative path counts from the folder
 * that the command is started in. Throws a ConfigError.
 */
export function databaseOf({ db, config }: DatabaseSource, loaded: Config = loadConfig(config)): string {
  return resolve(db ?? loaded.database ?? defaultDatabase())
}

/** The store in that database, for commands that ask it themselves. Throws a ConfigError. */
export function storeOf(source: DatabaseSource, loaded?: Config): SqliteFactory {
  return sqliteFactory(databaseOf(source, loaded))
}

/** Opens a store for reading, uses it, and closes it. Throws a StoreError. */
export async function withReader<T>(store: SqliteFactory, use: (reader: SqlReader) => Promise<T>): Promise<T> {
  const reader = await store.openReader()
  try {
    return await use(reader)
  } finally {
    await reader.close()
  }
}
