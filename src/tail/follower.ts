import { type Cursor, continues, type Observation, resume } from '../core/reading/cursor.ts'
import { type Disk, LOCAL_DISK } from './disk.ts'
import { type FileRead, START } from './file-look.ts'
import { readOn } from './file-read.ts'
import { cursorAt, observe } from './fingerprint.ts'
import type { Source } from './frame-read.ts'
import { inCopy } from './gzip-copy.ts'
import { GzipReading } from './gzip-read.ts'
import type { OpenFile } from './open-file.ts'
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
  #held: OpenFile | null = null
  #hasSearched = false
  /** Whether the file that it holds is the compressed copy of the one that the path named. */
  #isCopy = false
  readonly #gzip = new GzipReading()
  readonly #isFollowed: (path: string) => boolean
  readonly #disk: Disk

  constructor(path: string, isFollowed: (path: string) => boolean = () => false, disk: Disk = LOCAL_DISK) {
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
    const named = await this.#openIfThere()
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
    this.#gzip.close()
    await this.#held?.close()
    this.#held = null
  }

  async #look(
    named: OpenFile | null,
    cursor: Cursor | null,
    capBytes: number,
    writerHasLeft: boolean,
  ): Promise<FileRead | null> {
    const seen = this.#held === null && named !== null && cursor !== null ? await observe(named, cursor) : null
    this.#held ??= await this.#left(named, cursor, seen)
    const held = this.#held
    if (held !== null && named !== null && (await isSameFile(held, named))) {
      return readOn(this.#source(held), cursor, capBytes, writerHasLeft, this.#gzip)
    }
    if (held !== null && (named === null || !(await goesOn(held, named)))) {
      const isOfPlain = this.#isCopy && cursor !== null && cursor.compressedBytes === undefined
      const at = isOfPlain ? await inCopy(held, cursor) : cursor
      const rest = await readOn(this.#source(held), at, capBytes, true, this.#gzip)
      if (rest !== null) return { ...rest, hasMore: rest.hasMore || named !== null }
    }
    await this.close()
    if (named === null) return null
    this.#held = named
    this.#isCopy = false
    this.#hasSearched = false
    return readOn(this.#source(named), cursor, capBytes, writerHasLeft, this.#gzip, seen)
  }

  #source(handle: OpenFile): Source {
    return { handle, path: this.path, disk: this.#disk }
  }

  async #openIfThere(): Promise<OpenFile | null> {
    try {
      return await this.#disk.open(this.path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** The file that the cursor was in, where it was moved away while it was not held open. */
  async #left(named: OpenFile | null, cursor: Cursor | null, seen: Observation | null): Promise<OpenFile | null> {
    if (cursor === null || cursor.isEnded) return null
    if (named === null && this.#hasSearched) return null
    if (seen !== null) {
      // Before the first whole line anything continues, so there the inode alone decides.
      const isIt = cursor.offset > 0 || (seen.device === cursor.device && seen.inode === cursor.inode)
      if (isIt && continues(cursor, seen)) return null
    }
    this.#hasSearched = true
    const rotated = await findRotated(this.path, cursor, named, this.#isFollowed, this.#disk)
    this.#isCopy = rotated?.isCompressed ?? false
    return rotated?.handle ?? null
  }
}

async function isSameFile(a: OpenFile, b: OpenFile): Promise<boolean> {
  const [first, second] = await Promise.all([a.stat({ bigint: true }), b.stat({ bigint: true })])
  return first.dev === second.dev && first.ino === second.ino
}

/** Whether `named` begins with all that `held` holds: then it replaces it without a seam. */
async function goesOn(held: OpenFile, named: OpenFile): Promise<boolean> {
  const { size } = await held.stat()
  const end = await cursorAt(held, { ...START, offset: size, isEnded: true })
  const { kind } = resume(end, await observe(named, end))
  return kind === 'unchanged' || kind === 'grown'
}
