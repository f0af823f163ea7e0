import type { FileHandle } from 'node:fs/promises'
import { type Cursor, continues, resume } from '../core/reading/cursor.ts'
import { type Disk, realDisk } from './disk.ts'
import { type FileRead, readOn, START } from './file-read.ts'
import { cursorAt, observe } from './fingerprint.ts'
import { findRotated } from './rotated.ts'

/**
 * Reads one path on from its cursor, through rotation and truncation.
 *
 * It keeps the file open between looks, so what was written before a rename
 * or a deletion is still read to its end. A file that it does not hold, as after
 * a restart, is looked for beside the path. It holds no other state: the cursor
 * comes in and goes out, and advances only when the caller has committed it.
 * Each life of the file ends with a read that `isFinal`, before the next begins.
 */
export class Follower {
  readonly path: string
  #held: FileHandle | null = null
  #hasSearched = false
  readonly #isFollowed: (path: string) => boolean
  readonly #disk: Disk

  constructor(path: string, isFollowed: (path: string) => boolean = () => false, disk: Disk = realDisk) {
    this.path = path
    this.#isFollowed = isFollowed
    this.#disk = disk
  }

  /**
   * The next lines, or null when there is nothing new. Throws what the file system throws.
   *
   * With `writerHasLeft`, as for a finished log, what remains without a terminator is a line.
   */
  async read(cursor: Cursor | null, capBytes: number, writerHasLeft = false): Promise<FileRead | null> {
    const named = await openIfThere(this.path, this.#disk)
    try {
      return await this.#look(named, cursor, capBytes, writerHasLeft)
    } finally {
      if (named !== this.#held) await named?.close()
    }
  }

  /** Whether it holds its file open. */
  get isOpen(): boolean {
    return this.#held !== null
  }

  async close(): Promise<void> {
    const held = this.#held
    // First, for what could not be closed must not be read from either.
    this.#held = null
    await held?.close()
  }

  async #look(
    named: FileHandle | null,
    cursor: Cursor | null,
    capBytes: number,
    writerHasLeft: boolean,
  ): Promise<FileRead | null> {
    this.#held ??= await this.#left(named, cursor)
    const held = this.#held
    if (held !== null && named !== null && (await isSameFile(held, named))) {
      return readOn(held, cursor, capBytes, writerHasLeft)
    }
    if (held !== null && (named === null || !(await goesOn(held, named)))) {
      const rest = await readOn(held, cursor, capBytes, true)
      if (rest !== null) return { ...rest, hasMore: rest.hasMore || named !== null }
    }
    await this.close()
    if (named === null) return null
    this.#held = named
    this.#hasSearched = false
    return readOn(named, cursor, capBytes, writerHasLeft)
  }

  /** The file that the cursor was in, where it was moved away while it was not held open. */
  async #left(named: FileHandle | null, cursor: Cursor | null): Promise<FileHandle | null> {
    if (cursor === null || cursor.isEnded) return null
    if (named === null && this.#hasSearched) return null
    if (named !== null) {
      const seen = await observe(named, cursor)
      // Before the first whole line anything continues, so there the inode alone decides.
      const isIt = cursor.offset > 0 || (seen.device === cursor.device && seen.inode === cursor.inode)
      if (isIt && continues(cursor, seen)) return null
    }
    this.#hasSearched = true
    return (await findRotated(this.path, cursor, named, this.#isFollowed, this.#disk))?.handle ?? null
  }
}

/** Null where it is said twice that there is no such file: then what was written to it is over. */
async function openIfThere(path: string, disk: Disk, isSaidBefore = false): Promise<FileHandle | null> {
  try {
    return await disk.open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return isSaidBefore ? null : openIfThere(path, disk, true)
  }
}

async function isSameFile(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [first, second] = await Promise.all([a.stat({ bigint: true }), b.stat({ bigint: true })])
  return first.dev === second.dev && first.ino === second.ino
}

/** Whether `named` begins with all that `held` holds: then it replaces it without a seam. */
async function goesOn(held: FileHandle, named: FileHandle): Promise<boolean> {
  const { size } = await held.stat()
  const end = await cursorAt(held, { ...START, offset: size, isEnded: true })
  const { kind } = resume(end, await observe(named, end))
  return kind === 'unchanged' || kind === 'grown'
}
