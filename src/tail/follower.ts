import { type FileHandle, open } from 'node:fs/promises'
import type { LongLine } from '../core/read.ts'
import { type Cursor, continues, type Observation, resume } from '../core/reading/cursor.ts'
import { cutLines } from '../core/reading/cut.ts'
import type { Line } from '../core/reading/lines.ts'
import { cursorAt, observe, readAt } from './fingerprint.ts'
import { findRotated } from './rotated.ts'

/** What one look at a file brought: the lines after the cursor, and the cursor after them. */
export interface FileRead {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
  readonly cursor: Cursor
  /** True when the file began a new life before these lines: its format is to be found again. */
  readonly isNewGeneration: boolean
  /** True once with each life of the file: its writer has left, or its content is gone, and this is the last of it. */
  readonly isFinal: boolean
  /** What could not be read, because it went away between two looks. */
  readonly gap: { readonly offset: number; readonly bytes: number | null; readonly reason: string } | null
  /** True when there is more to read now. */
  readonly hasMore: boolean
  /** Bytes of a line that has no terminator yet. */
  readonly pendingBytes: number
  /** When the file was last written, in milliseconds since 1970, as its file system says. */
  readonly writtenMs: number
}

type Position = Pick<Cursor, 'offset' | 'generation' | 'inLongLine'>

const CHUNK_BYTES = 1024 * 1024
const START: Position = { offset: 0, generation: 0, inLongLine: false }

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

  constructor(path: string, isFollowed: (path: string) => boolean = () => false) {
    this.path = path
    this.#isFollowed = isFollowed
  }

  /**
   * The next lines, or null when there is nothing new. Throws what the file system throws.
   *
   * With `writerHasLeft`, as for a finished log, what remains without a terminator is a line.
   */
  async read(cursor: Cursor | null, capBytes: number, writerHasLeft = false): Promise<FileRead | null> {
    const named = await openIfThere(this.path)
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
    await this.#held?.close()
    this.#held = null
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
    return (await findRotated(this.path, cursor, named, this.#isFollowed))?.handle ?? null
  }
}

async function readOn(
  handle: FileHandle,
  cursor: Cursor | null,
  capBytes: number,
  writerHasLeft: boolean,
): Promise<FileRead | null> {
  const seen = await observe(handle, cursor)
  const { kind } = resume(cursor, seen)
  if (cursor === null || kind === 'first-seen') {
    return seen.sizeBytes === 0 ? null : readFrom(handle, START, capBytes, writerHasLeft)
  }
  switch (kind) {
    case 'unchanged':
      return writerHasLeft && !cursor.isEnded ? ending(handle, cursor, null) : null
    case 'grown':
      return readFrom(handle, cursor, capBytes, writerHasLeft)
    case 'rewritten':
    case 'replaced': {
      if (!cursor.isEnded) {
        return ending(handle, cursor, { offset: cursor.offset, bytes: null, reason: gapReason(kind, seen, cursor) })
      }
      if (seen.sizeBytes === 0) return null
      const generation = cursor.generation + 1
      return { ...(await readFrom(handle, { ...START, generation }, capBytes, writerHasLeft)), isNewGeneration: true }
    }
  }
}

/** Says that this life of the file is over; without lines, for they have been read or are gone. */
async function ending(handle: FileHandle, cursor: Cursor, gap: FileRead['gap']): Promise<FileRead> {
  return {
    lines: [],
    longLines: [],
    cursor: { ...cursor, isEnded: true },
    isNewGeneration: false,
    isFinal: true,
    gap,
    hasMore: gap !== null,
    pendingBytes: 0,
    writtenMs: (await handle.stat()).mtimeMs,
  }
}

async function readFrom(
  handle: FileHandle,
  { offset, generation, inLongLine }: Position,
  capBytes: number,
  writerHasLeft: boolean,
): Promise<FileRead> {
  let lengthBytes = CHUNK_BYTES
  for (;;) {
    const bytes = await readAt(handle, offset, lengthBytes)
    const { size, mtimeMs } = await handle.stat()
    const isWholeRest = offset + bytes.length >= size
    const isFinal = writerHasLeft && isWholeRest
    const cut = cutLines({ bytes, base: offset, inLongLine, capBytes, isFinal })
    // A long line that is still below its cap is read in one piece.
    if (cut.next === offset && !isWholeRest && !cut.inLongLine) {
      lengthBytes = Math.min(lengthBytes * 4, capBytes + CHUNK_BYTES)
      continue
    }
    const position = { offset: cut.next, generation, inLongLine: cut.inLongLine }
    return {
      lines: cut.lines,
      longLines: cut.longLines,
      cursor: await cursorAt(handle, { ...position, isEnded: isFinal }),
      isNewGeneration: false,
      isFinal,
      gap: null,
      hasMore: !isWholeRest,
      pendingBytes: isWholeRest ? offset + bytes.length - cut.next : 0,
      writtenMs: mtimeMs,
    }
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
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

function gapReason(kind: 'rewritten' | 'replaced', seen: Observation, cursor: Cursor): string {
  if (kind === 'replaced') return 'another file took the path before this one was read to its end'
  return seen.sizeBytes < cursor.offset ? 'the file was truncated' : 'the file was rewritten'
}
