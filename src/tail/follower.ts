import { type FileHandle, open } from 'node:fs/promises'
import type { LongLine } from '../core/advance.ts'
import { type Cursor, type Observation, resume } from '../core/reading/cursor.ts'
import { cutLines } from '../core/reading/cut.ts'
import type { Line } from '../core/reading/lines.ts'
import { cursorAt, observe, readAt } from './fingerprint.ts'

/** What one look at a file brought: the lines after the cursor, and the cursor after them. */
export interface FileRead {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
  readonly cursor: Cursor
  /** True when the file began a new life before these lines: its format is to be found again. */
  readonly isNewGeneration: boolean
  /** True after the last line of a file that its writer has left. */
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

const CHUNK_BYTES = 1024 * 1024

/**
 * Reads one path on from its cursor, through rotation and truncation.
 *
 * It keeps the file open between looks, so what was written before a rename
 * or a deletion is still read to its end. It holds no other state: the cursor
 * comes in and goes out, and advances only when the caller has committed it.
 */
export class Follower {
  readonly path: string
  #held: FileHandle | null = null

  constructor(path: string) {
    this.path = path
  }

  /**
   * The next lines, or null when there is nothing new. Throws what the file system throws.
   *
   * With `writerHasLeft`, as for a finished log, what remains without a terminator is a line.
   */
  async read(cursor: Cursor | null, capBytes: number, writerHasLeft = false): Promise<FileRead | null> {
    const named = await openIfThere(this.path)
    const held = this.#held
    if (named === null) return held === null ? null : this.#drain(held, cursor, capBytes)
    if (held === null) {
      this.#held = named
      return this.#readOn(named, cursor, capBytes, writerHasLeft)
    }
    if (await isSameFile(held, named)) {
      await named.close()
      return this.#readOn(held, cursor, capBytes, writerHasLeft)
    }
    // Another file took the path. Where it goes on as ours did, it replaces it without a seam.
    if (cursor !== null && resume(cursor, await observe(named, cursor)).kind === 'grown' && cursor.offset > 0) {
      await this.close()
      this.#held = named
      return this.#readOn(named, cursor, capBytes)
    }
    const rest = await this.#drain(held, cursor, capBytes)
    if (rest !== null) {
      await named.close()
      return rest
    }
    this.#held = named
    return this.#readFrom(named, 0, nextGeneration(cursor), capBytes, { isNewGeneration: cursor !== null, gap: null })
  }

  async close(): Promise<void> {
    await this.#held?.close()
    this.#held = null
  }

  /** What an abandoned file still holds; null, and it is let go, once that has been read. */
  async #drain(held: FileHandle, cursor: Cursor | null, capBytes: number): Promise<FileRead | null> {
    const seen = await observe(held, cursor)
    const offset = cursor?.offset ?? 0
    if (resume(cursor, seen).kind === 'rewritten' || seen.sizeBytes === offset) {
      await this.close()
      return null
    }
    const isLastChunk = seen.sizeBytes - offset <= CHUNK_BYTES
    return this.#readFrom(held, offset, cursor?.generation ?? 0, capBytes, {
      isNewGeneration: false,
      gap: null,
      inLongLine: cursor?.inLongLine ?? false,
      isFinal: isLastChunk,
    })
  }

  async #readOn(
    handle: FileHandle,
    cursor: Cursor | null,
    capBytes: number,
    isFinal = false,
  ): Promise<FileRead | null> {
    const seen = await observe(handle, cursor)
    const next = resume(cursor, seen)
    switch (next.kind) {
      case 'unchanged':
        return null
      case 'first-seen':
        return seen.sizeBytes === 0
          ? null
          : this.#readFrom(handle, 0, 0, capBytes, { isNewGeneration: false, gap: null, isFinal })
      case 'grown':
        return this.#readFrom(handle, cursor!.offset, cursor!.generation, capBytes, {
          isNewGeneration: false,
          gap: null,
          inLongLine: cursor!.inLongLine,
          isFinal,
        })
      case 'rewritten':
      case 'replaced':
        return this.#readFrom(handle, 0, nextGeneration(cursor), capBytes, {
          isNewGeneration: true,
          gap: { offset: cursor!.offset, bytes: null, reason: gapReason(next.kind, seen, cursor!) },
          isFinal,
        })
    }
  }

  async #readFrom(
    handle: FileHandle,
    offset: number,
    generation: number,
    capBytes: number,
    about: Pick<FileRead, 'isNewGeneration' | 'gap'> & { readonly inLongLine?: boolean; readonly isFinal?: boolean },
  ): Promise<FileRead> {
    const { inLongLine = false, isFinal = false, isNewGeneration, gap } = about
    let lengthBytes = CHUNK_BYTES
    for (;;) {
      const bytes = await readAt(handle, offset, lengthBytes)
      const isWholeRest = bytes.length < lengthBytes
      const cut = cutLines({ bytes, base: offset, inLongLine, capBytes, isFinal: isFinal && isWholeRest })
      // A long line that is still below its cap is read in one piece.
      if (cut.next === offset && !isWholeRest && !cut.inLongLine) {
        lengthBytes = Math.min(lengthBytes * 4, capBytes + CHUNK_BYTES)
        continue
      }
      return {
        lines: cut.lines,
        longLines: cut.longLines,
        cursor: await cursorAt(handle, { offset: cut.next, generation, inLongLine: cut.inLongLine }),
        isNewGeneration,
        isFinal: isFinal && isWholeRest,
        gap,
        hasMore: !isWholeRest,
        pendingBytes: isWholeRest ? offset + bytes.length - cut.next : 0,
        writtenMs: (await handle.stat()).mtimeMs,
      }
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

function nextGeneration(cursor: Cursor | null): number {
  return cursor === null ? 0 : cursor.generation + 1
}

function gapReason(kind: 'rewritten' | 'replaced', seen: Observation, cursor: Cursor): string {
  if (kind === 'replaced') return 'another file took the path while nanwatch was not running'
  return seen.sizeBytes < cursor.offset ? 'the file was truncated' : 'the file was rewritten'
}
