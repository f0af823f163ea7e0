import { dirname } from 'node:path'
import type { Retention } from '../store/sqlite/retention.ts'
import { sqliteFactory } from '../store/sqlite/sqlite-factory.ts'
import type { StoreFactory } from '../store/store-factory.ts'
import { fileSystemAt } from '../tail/file-system.ts'
import { placeProblem } from './database-place.ts'

/** Room for the alerts of about an hour after the disk has become full. */
const RESERVED_BYTES = 8 * 1024 * 1024

/** The store that a daemon writes, and what the daemon has to know about its place. */
export interface DaemonStore extends StoreFactory {
  /** Its name for people and programs: the path of the database. */
  readonly name: string
  /** A local folder that the daemon may write to. It writes a file there to see whether an event comes. */
  readonly folder: string
  /** What is wrong with the place, in words for people; null where nothing is. */
  placeProblem(): Promise<string | null>
}

/** The store in the database at this path. This is the only place where the daemon names a kind of store. */
export function daemonStore(database: string, retention: Retention): DaemonStore {
  return {
    ...sqliteFactory(database, { retention, reservedBytes: RESERVED_BYTES }),
    name: database,
    folder: dirname(database),
    placeProblem: async () => placeProblem(await fileSystemAt(database)),
  }
}
