import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { defaultDatabase } from '../config/default-database.ts'
import { loadConfig } from '../config/load.ts'
import type { SqlReader } from '../store/sqlite/sql-reader.ts'
import { type SqliteFactory, sqliteFactory } from '../store/sqlite/sqlite-factory.ts'

/** The arguments of a command that opens a database. */
export interface DatabaseSource {
  config?: string | undefined
  db?: string | undefined
}

/**
 * Which database a command is about: the one that `--db` names, else that of the configuration, else that of the account.
 * A relative path counts from the folder that the command is started in.
 */
export function databaseBy({ db }: DatabaseSource, { database }: Pick<Config, 'database'>): string {
  return resolve(db ?? database ?? defaultDatabase())
}

/**
 * The same for a command that needs nothing else of the configuration. It is read, and what checks it is loaded, only
 * where one is named. Rejects with a ConfigError.
 */
export async function databaseOf(source: DatabaseSource): Promise<string> {
  if (source.config === undefined) return databaseBy(source, { database: null })
  return databaseBy(source, await loadConfig(source.config))
}

/** The store in the database of a command that needs the configuration for more. */
export function storeBy(source: DatabaseSource, loaded: Pick<Config, 'database'>): SqliteFactory {
  return sqliteFactory(databaseBy(source, loaded))
}

/** The store in that database, for commands that ask it themselves. Rejects with a ConfigError. */
export async function storeOf(source: DatabaseSource): Promise<SqliteFactory> {
  return sqliteFactory(await databaseOf(source))
}

/** Opens the store of a command for reading, uses it, and closes it. Rejects with a ConfigError or a StoreError. */
export async function withReaderOf<T>(source: DatabaseSource, use: (reader: SqlReader) => Promise<T>): Promise<T> {
  return withReader(await storeOf(source), use)
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
