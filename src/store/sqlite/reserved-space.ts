import { randomFillSync } from 'node:crypto'
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorMessage } from '../../protocol/error-message.ts'

/** The file is written only where this many times its size is free. */
const ROOM_FACTOR = 4
/** So much of it is written at once. */
const BLOCK_BYTES = 64 * 1024

/**
 * A file that reserves room on the disk. When the disk is full the file is
 * removed, so that what is then found, perhaps an alert, can still be stored.
 */
export class ReservedSpace {
  readonly #path: string
  readonly #bytes: number

  constructor(database: string, bytes: number) {
    // The name of the file beside existing databases, which must not change.
    this.#path = `${database}.ballast`
    this.#bytes = bytes
  }

  /** Frees the reserved room. Returns whether there was any. */
  free(): boolean {
    if (sizeBytes(this.#path) === 0) return false
    rmSync(this.#path, { force: true })
    return true
  }

  /** Reserves the room, if that was not done yet and enough is free. Returns what is missing, in words, or null. */
  take(): string | null {
    if (this.#bytes === 0 || sizeBytes(this.#path) === this.#bytes) return null
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path))
      const needed = ROOM_FACTOR * this.#bytes
      if (bavail * bsize < needed) return `fewer than ${needed} bytes are free on the disk of the database`
      writeRandomBytes(this.#path, this.#bytes)
      return null
    } catch (error) {
      rmSync(this.#path, { force: true })
      return errorMessage(error)
    }
  }
}

/** Random ones, because some file systems do not store zeros; block by block, because a large buffer once freed makes malloc keep more. */
function writeRandomBytes(path: string, bytes: number): void {
  const file = openSync(path, 'w', 0o600)
  try {
    const block = Buffer.alloc(BLOCK_BYTES)
    for (let written = 0; written < bytes; )
      written += writeSync(file, randomFillSync(block), 0, Math.min(BLOCK_BYTES, bytes - written))
  } finally {
    closeSync(file)
  }
}

function sizeBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
