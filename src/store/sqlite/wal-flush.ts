import { open } from 'node:fs/promises'

/**
 * Makes commits survive a power cut, behind them and on another thread: a commit itself does not wait for the disk.
 *
 * To flush the write-ahead log is what SQLite does at the end of a commit with `synchronous` FULL.
 */
export class WalFlush {
  readonly #path: string
  #commits = 0
  #flushed = 0
  #running: Promise<void> | null = null

  constructor(database: string) {
    this.#path = `${database}-wal`
  }

  /** Takes note of a commit that has to last, and begins to flush it. Who waits for that hears what fails. */
  begin(): void {
    this.#commits++
    void this.done().catch(() => undefined)
  }

  /** Waits until all commits that were begun to be flushed are on the disk. Rejects where that fails, and then tries anew. */
  async done(): Promise<void> {
    while (this.#flushed < this.#commits) {
      this.#running ??= this.#flush().finally(() => {
        this.#running = null
      })
      await this.#running
    }
  }

  async #flush(): Promise<void> {
    const newest = this.#commits
    const log = await open(this.#path, 'r+')
    try {
      await log.datasync()
    } finally {
      await log.close()
    }
    this.#flushed = newest
  }
}
