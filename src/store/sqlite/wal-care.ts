import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'

/** A longer log is emptied as soon as a writer asks how long to rest. A shorter one waits for the upkeep. */
const LONG_BYTES = 16 * 1024 * 1024
const REST_MS = 1000

/** Keeps the write-ahead log short. It grows as long as some reader still reads an old state of the database. */
export class WalCare {
  readonly #db: Database.Database
  readonly #path: string
  #triedMs = 0

  constructor(db: Database.Database, path: string) {
    this.#db = db
    this.#path = `${path}-wal`
  }

  /** Writes the log back into the database and empties it. Where a reader is in the way, it stays for the next call. */
  shorten(): void {
    const timeoutMs = this.#db.pragma('busy_timeout', { simple: true })
    this.#db.pragma('busy_timeout = 0')
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.#db.pragma(`busy_timeout = ${timeoutMs}`)
    }
  }

  /**
   * How long the writer should rest, in milliseconds: 0 unless the log is long and cannot be emptied.
   *
   * The log grows more slowly with fewer and larger commits: one of many rows writes few pages more than one of a single
   * row.
   */
  restMs(nowMs: number): number {
    if (!this.#isLong()) return 0
    if (nowMs - this.#triedMs < REST_MS) return REST_MS
    this.#triedMs = nowMs
    try {
      this.shorten()
    } catch {
      // The disk is full or the database damaged. The next commit fails for the same reason and reports it.
    }
    return this.#isLong() ? REST_MS : 0
  }

  #isLong(): boolean {
    return (statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > LONG_BYTES
  }
}
