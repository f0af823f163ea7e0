import { NO_LINES } from '../core/pipeline/content.ts'
import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import { type Cursor, continues, isWrittenAnew, type Observation, resume } from '../core/reading/cursor.ts'
import { type Disk, LOCAL_DISK } from './disk.ts'
import { START } from './file-position.ts'
import { beginAnew, readFrom, readOn } from './file-read.ts'
import { cursorAt, observe } from './fingerprint.ts'
import type { LogFile } from './frame-read.ts'
import { inCopy } from './gzip-copy.ts'
import { GzipReading } from './gzip-read.ts'
import type { OpenFile } from './open-file.ts'
import { findRotated } from './rotated.ts'
import { StaleView } from './stale-view.ts'

export interface FollowerOptions {
  /** Whether somebody follows another path. */
  readonly isFollowed?: (path: string) => boolean
  readonly disk?: Disk
  /** Whether the file may lie on another machine, of which only old news may be seen. */
  readonly isPolled?: () => boolean
  /** How long such old news may last. */
  readonly patienceMs?: number
  readonly nowMs?: () => number
  /** How much text is read at once; as much as a daemon reads unless told. */
  readonly pieceBytes?: number
}

/** A job that has written nothing for so long is hardly in the middle of writing. */
const QUIET_MS = 2500

/** As long as an NFS client may keep what it knows of a file, unless it was mounted otherwise. */
const PATIENCE_MS = 60_000

/**
 * Reads one path on from its cursor, through rotation and truncation.
 *
 * It keeps the file open between polls, so what was written before a rename
 * or a deletion is still read to its end. A file that it does not hold, as after
 * a restart, is looked for beside the path. It holds no other state: the cursor
 * comes in and goes out, and advances only when the caller has committed it.
 * Each life of the file ends with a read that `isFinal`, before the next begins, unless that holds the same bytes.
 */
export class FileFollower {
  readonly path: string
  #held: OpenFile | null = null
  #hasSearched = false
  /** What the last poll that found a file at the path found in it. One that was still growing may have grown after it. */
  #lastSeen: 'growing' | 'quiet' | null = null
  /** Whether the file that it holds is the compressed copy of the one that the path named. */
  #isCopy = false
  #isOfWords = false
  readonly #gzip = new GzipReading()
  readonly #isFollowed: (path: string) => boolean
  readonly #disk: Disk
  readonly #isPolled: () => boolean
  readonly #pieceBytes: { readonly pieceBytes?: number }
  readonly #staleView: StaleView

  constructor(path: string, options: FollowerOptions = {}) {
    this.path = path
    this.#isFollowed = options.isFollowed ?? (() => false)
    this.#disk = options.disk ?? LOCAL_DISK
    this.#isPolled = options.isPolled ?? (() => false)
    this.#pieceBytes = options.pieceBytes === undefined ? {} : { pieceBytes: options.pieceBytes }
    this.#staleView = new StaleView(options.patienceMs ?? PATIENCE_MS, options.nowMs ?? (() => performance.now()))
  }

  /**
   * The next lines, or null when there is nothing new. Throws what the file system throws.
   *
   * With `writerHasLeft`, as for a finished log, what remains without a terminator is a line. Of a file `isOfWords` no
   * record was read so far: once it is emptied, or written anew while nobody looked, the same bytes are a new life. A job
   * that is started again may fail like the one before.
   */
  async read(
    cursor: Cursor | null,
    capBytes: number,
    writerHasLeft = false,
    isOfWords = false,
  ): Promise<FileRead | null> {
    this.#isOfWords = isOfWords
    const named = await openIfThere(this.path, this.#disk)
    try {
      const read = await this.#readThere(named, cursor, capBytes, writerHasLeft)
      if (named !== null) this.#lastSeen = read === null || isQuiet(read) ? 'quiet' : 'growing'
      return read
    } catch (error) {
      // A stale handle stays so: without it the next poll finds what the path holds.
      if ((error as NodeJS.ErrnoException).code === 'ESTALE') await this.close().catch(() => undefined)
      throw error
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
    this.#gzip.close()
    await held?.close()
  }

  async #readThere(
    named: OpenFile | null,
    cursor: Cursor | null,
    capBytes: number,
    writerHasLeft: boolean,
  ): Promise<FileRead | null> {
    if (named !== null && cursor !== null && (await this.#isWrittenAnew(named, cursor))) {
      await this.close()
      this.#held = named
      return beginAnew(this.#logFile(named), cursor, capBytes, writerHasLeft, this.#gzip)
    }
    if (cursor !== null && this.#isPolled()) {
      if (named !== null && (await this.#shows(named, cursor))) {
        // The one just opened, for what was opened before may go on showing what was.
        await this.close()
        this.#held = named
        await this.#staleView.confirm(named, cursor)
        return this.#readShown(named, cursor, capBytes, writerHasLeft)
      }
      if (!(await this.#staleView.isRuledOut(named, cursor))) return this.#readHeld(cursor, capBytes)
    }
    return this.#readNamed(named, cursor, capBytes, writerHasLeft)
  }

  async #readNamed(
    named: OpenFile | null,
    cursor: Cursor | null,
    capBytes: number,
    writerHasLeft: boolean,
  ): Promise<FileRead | null> {
    const seen = this.#held === null && named !== null && cursor !== null ? await observe(named, cursor) : null
    this.#held ??= await this.#left(named, cursor, seen)
    const held = this.#held
    if (held !== null && named !== null && (await isSameFile(held, named))) {
      return readOn(this.#logFile(held), cursor, capBytes, writerHasLeft, this.#gzip)
    }
    // After its end a file may be followed under its new name: what is written to it then is read there.
    const isRead = held !== null && cursor?.isEnded === true && continues(cursor, await observe(held, cursor))
    if (held !== null && !isRead && (named === null || !(await goesOn(held, named)))) {
      const isOfPlain = this.#isCopy && cursor !== null && cursor.compressedBytes === undefined
      const at = isOfPlain ? await inCopy(held, cursor) : cursor
      const rest = await readOn(this.#logFile(held), at, capBytes, true, this.#gzip)
      if (rest !== null) return { ...rest, hasMore: rest.hasMore || named !== null }
    }
    await this.close()
    if (named === null) return this.#lastSeen === null || cursor === null || cursor.isEnded ? null : this.#gone(cursor)
    this.#held = named
    this.#isCopy = false
    this.#hasSearched = false
    return readOn(this.#logFile(named), cursor, capBytes, writerHasLeft, this.#gzip, seen)
  }

  /**
   * The end of a file that was there, was deleted while it was not held open, and is nowhere beside the path.
   *
   * A file that this process has never seen may as well be on a disk that is not mounted yet: that is no end.
   */
  #gone(cursor: Cursor): FileRead {
    const mayHaveGrown = this.#lastSeen === 'growing' && !cursor.isBinary
    return {
      ...TO_THE_END,
      content: NO_LINES,
      cursor: { ...cursor, isEnded: true },
      isFinal: true,
      gap: mayHaveGrown
        ? { offset: cursor.offset, bytes: null, reason: 'the file went away while it was not held open' }
        : null,
      // The time of its last write is gone with it: what is known of the run stands.
      writtenMs: 0,
    }
  }

  #logFile(handle: OpenFile): LogFile {
    return { handle, path: this.path, disk: this.#disk, isOfWords: this.#isOfWords, ...this.#pieceBytes }
  }

  /** Whether the path holds the same bytes as before, written while this process did not look, or where it is not told. */
  async #isWrittenAnew(named: OpenFile, cursor: Cursor): Promise<boolean> {
    const isUnseen = this.#lastSeen === null || this.#isPolled()
    if (!this.#isOfWords || !isUnseen || cursor.container !== null || cursor.isBinary) return false
    return isWrittenAnew(cursor, await observe(named, cursor))
  }

  /** Whether the path holds what was read, and all that the file holds that is held open. */
  async #shows(named: OpenFile, cursor: Cursor): Promise<boolean> {
    if (!continues(cursor, await observe(named, cursor))) return false
    return this.#held === null || (await isSameFile(this.#held, named)) || (await goesOn(this.#held, named))
  }

  /** While the view of the path may be stale: on with what is held open, to no end. */
  async #readHeld(cursor: Cursor, capBytes: number): Promise<FileRead | null> {
    if (this.#held === null || cursor.isEnded || !continues(cursor, await observe(this.#held, cursor))) return null
    return this.#readShown(this.#held, cursor, capBytes, false)
  }

  /** Reads text on from where it is known to go on; whether a file of another kind has changed is looked at as ever. */
  #readShown(handle: OpenFile, cursor: Cursor, capBytes: number, writerHasLeft: boolean): Promise<FileRead | null> {
    const isText = cursor.container === null && cursor.compressedBytes === undefined
    return isText
      ? readFrom(this.#logFile(handle), cursor, capBytes, writerHasLeft)
      : readOn(this.#logFile(handle), cursor, capBytes, writerHasLeft, this.#gzip)
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

/** Whether a file had been left alone for a while when it was read. */
function isQuiet({ writtenMs }: FileRead): boolean {
  return Date.now() - writtenMs >= QUIET_MS
}

/** Null where it is said twice that there is no such file: then what was written to it is over. */
async function openIfThere(path: string, disk: Disk, isSaidBefore = false): Promise<OpenFile | null> {
  try {
    return await disk.open(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return isSaidBefore ? null : openIfThere(path, disk, true)
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
