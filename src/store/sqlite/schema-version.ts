import type Database from 'better-sqlite3'

/** "nanw" in ASCII, by which a database of nanwatch is recognised. */
export const APPLICATION_ID = 0x6e616e77

/** How many migrations there are: what reads a database need not load them. */
export const SCHEMA_VERSION = 7

/** How many migrations have been applied to a database. */
export function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}
