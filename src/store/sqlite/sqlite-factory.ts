import type { StoreFactory } from '../store-factory.ts'
import type { SqlReader } from './sql-reader.ts'
import { sqliteReader } from './sqlite-reader.ts'
import type { SqliteOptions } from './sqlite-store.ts'

/** A store in one SQLite file, whose readers take SQL too. */
export interface SqliteFactory extends StoreFactory {
  openReader(): Promise<SqlReader>
}

/** The store in the file at this path. */
export function sqliteFactory(path: string, options: Omit<SqliteOptions, 'isDamaged'> = {}): SqliteFactory {
  return {
    async openWriter(found) {
      // What writes is loaded only where something is written.
      const { sqliteStore } = await import('./sqlite-store.ts')
      const store = sqliteStore(path, { ...options, ...found })
      return { store, care: store }
    },
    openReader: async () => sqliteReader(path),
  }
}
