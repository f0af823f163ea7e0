import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'

/** Above it the log is emptied at once, and not with the next upkeep. */
const LONG_BYTES = 16 * 1024 * 1024
const REST_MS = 1000

/** Keeps the write-ahead log short. It grows for as long as one reader reads on from an old state of the database. */
export class WalCare {
  readonly #db: Database.Database
  readonly #path: string
  #triedMs = 0

  constructor(db: Database.Database, path: string) {
    this.#db = db
    this.#path = `${path}-wal`
  }

  /** Writes the log back into the database and empties it, unless a reader is in the way: then the next call does. */
  shorten(): void {
    const timeoutMs = this.#db.pragma('busy_timeout', { simple: true })
    this.#db.pragma('busy_timeout = 0')
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.#db.pragma(`busy_timeout = ${timeoutMs}`)
    }
  }

  /** How long the writer should wait: a commit of many rows writes few pages more than one of a single row. */
  restMs(nowMs: number): number {
    if (!this.#isLong()) return 0
    if (nowMs - this.#triedMs < REST_MS) return REST_MS
    this.#triedMs = nowMs
    try {
      this.shorten()
    } catch {
      // Short of room or damaged: the next commit says so.
    }
    return this.#isLong() ? REST_MS : 0
  }

  #isLong(): boolean {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > LONG_BYTES
  }
}
