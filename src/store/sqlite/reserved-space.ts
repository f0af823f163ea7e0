import { randomFillSync } from 'node:crypto'
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorMessage } from '../../protocol/error-message.ts'

/** Room that is taken again only where as many times as much is free. */
const ROOM_FACTOR = 4

/**
 * A file that holds room for the moment at which the disk is full: what is
 * then found, an alert perhaps, can still be stored.
 */
export class ReservedSpace {
  readonly #path: string
  readonly #bytes: number

  constructor(database: string, bytes: number) {
    // Its name on the disk: that of databases which are there already.
    this.#path = `${database}.ballast`
    this.#bytes = bytes
  }

  /** Gives the room back to the file system. Returns whether there was any. */
  free(): boolean {
    if (sizeBytes(this.#path) === 0) return false
    rmSync(this.#path, { force: true })
    return true
  }

  /** Takes the room, if it is not taken yet and there is enough. Answers with what is missing, or null. */
  take(): string | null {
    if (this.#bytes === 0 || sizeBytes(this.#path) === this.#bytes) return null
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path))
      const needed = ROOM_FACTOR * this.#bytes
      if (bavail * bsize < needed) return `fewer than ${needed} bytes are free on the disk of the database`
      // Not zeros, which some file systems store for nothing.
      writeFileSync(this.#path, randomFillSync(Buffer.alloc(this.#bytes)), { mode: 0o600 })
      return null
    } catch (error) {
      rmSync(this.#path, { force: true })
      return errorMessage(error)
    }
  }
}

function sizeBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
