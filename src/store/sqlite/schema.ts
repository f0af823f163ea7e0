import type Database from 'better-sqlite3'
import { sumUpAll } from './rollups-of-schema-2.ts'
import { writeChunksOfRows } from './rows-to-chunks.ts'
import { SCHEMA_1 } from './schema-1.ts'
import { SCHEMA_2 } from './schema-2.ts'
import { SCHEMA_3 } from './schema-3.ts'
import { RENAME_IN_FILE_STATES, storeAlertsInParts } from './schema-4.ts'
import { nameStateByWhatItHolds } from './schema-5.ts'
import { SCHEMA_6 } from './schema-6.ts'
import { putViewsInPlaceOfRows } from './schema-7.ts'

/**
 * The migrations, oldest first. Number n brings a database of version n to
 * n + 1; each runs in one transaction. Released ones never change.
 */
export const MIGRATIONS: readonly ((db: Database.Database) => void)[] = [
  (db) => db.exec(SCHEMA_1),
  (db) => {
    db.exec(SCHEMA_2)
    sumUpAll(db)
  },
  (db) => db.exec(SCHEMA_3),
  (db) => {
    storeAlertsInParts(db)
    db.exec(RENAME_IN_FILE_STATES)
  },
  nameStateByWhatItHolds,
  (db) => db.exec(SCHEMA_6),
  putViewsInPlaceOfRows,
]

/**
 * What goes before a migration, by the version that it starts from, in transactions of its own: a kill within it loses
 * little, and the version before still reads the database.
 */
export const PREPARATIONS: ReadonlyMap<number, (db: Database.Database) => void> = new Map([[6, writeChunksOfRows]])
