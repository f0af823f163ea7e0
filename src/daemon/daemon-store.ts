import { dirname } from 'node:path'
import type { Retention } from '../store/sqlite/retention.ts'
import { sqliteFactory } from '../store/sqlite/sqlite-factory.ts'
import type { StoreFactory } from '../store/store-factory.ts'
import { fileSystemAt } from '../tail/file-system.ts'
import { placeProblem } from './database-place.ts'

/** Room for the alerts of the hour in which the disk is found full. */
const RESERVED_BYTES = 8 * 1024 * 1024

/** The store that a daemon writes, and what the daemon has to know of the place where it is. */
export interface DaemonStore extends StoreFactory {
  /** What people and programs know it by: the path of the database. */
  readonly name: string
  /** A local folder of ours: the daemon writes a file there to see whether it hears of it. */
  readonly folder: string
  /** What is wrong with the place, in words for people; null when nothing is. */
  placeProblem(): Promise<string | null>
}

/** The store in the database at this path. Nowhere else does the daemon name a kind of store. */
export function daemonStore(database: string, retention: Retention): DaemonStore {
  return {
    ...sqliteFactory(database, { retention, reservedBytes: RESERVED_BYTES }),
    name: database,
    folder: dirname(database),
    placeProblem: async () => placeProblem(await fileSystemAt(database)),
  }
}
