import type { FileHandle } from 'node:fs/promises'
import type { LongLine } from '../core/read.ts'
import { BINARY_HEAD_BYTES, binaryFrom } from '../core/reading/binary.ts'
import { type Cursor, type Observation, resume } from '../core/reading/cursor.ts'
import { cutLines } from '../core/reading/cut.ts'
import { encodingOf, lengthWithoutBlank } from '../core/reading/encoding.ts'
import type { Line } from '../core/reading/lines.ts'
import { cursorAt, observe, readAt } from './fingerprint.ts'
import { HOLE_BYTES, isLeftBehind, passHole } from './hole.ts'

/** What one look at a file brought: the lines after the cursor, and the cursor after them. */
export interface FileRead {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
  /** True when these bytes have shown that the file is no text: the one read that says so. */
  readonly turnsBinary: boolean
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

type Position = Pick<Cursor, 'offset' | 'generation' | 'encoding' | 'isBinary' | 'inLongLine'>

const CHUNK_BYTES = 1024 * 1024
/** The beginning of a file that nothing is known of. */
export const START: Position = { offset: 0, generation: 0, encoding: 'utf-8', isBinary: false, inLongLine: false }

/** Reads an open file on from the cursor; null when there is nothing new. */
export async function readOn(
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
    turnsBinary: false,
    cursor: { ...cursor, isEnded: true },
    isNewGeneration: false,
    isFinal: true,
    gap,
    hasMore: gap !== null,
    pendingBytes: 0,
    writtenMs: (await handle.stat()).mtimeMs,
  }
}

/** Reads an open file on from where it is known to go on, whatever its size says. */
export async function readFrom(
  handle: FileHandle,
  { offset, generation, encoding: known, isBinary, inLongLine }: Position,
  capBytes: number,
  writerHasLeft: boolean,
): Promise<FileRead> {
  if (isBinary) return passBinary(handle, { offset, generation, encoding: known, isBinary, inLongLine }, writerHasLeft)
  let lengthBytes = CHUNK_BYTES
  for (;;) {
    const read = await readAt(handle, offset, lengthBytes)
    const { size, mtimeMs } = await handle.stat()
    // Some remote file systems give bytes behind the end before they are written.
    const bytes = read.subarray(0, Math.max(0, size - offset))
    const encoding = offset === 0 ? encodingOf(bytes) : known
    const isWholeRest = offset + bytes.length >= size
    const isFinal = writerHasLeft && isWholeRest
    const textBytes = isFinal ? bytes.length : lengthWithoutBlank(bytes, encoding)
    const isHole = !isWholeRest && bytes.length - textBytes >= HOLE_BYTES
    const passes = isHole && (writerHasLeft || (await isLeftBehind(handle, size)))
    const binaryAt = binaryFrom(await headOf(handle, offset, bytes), encoding)
    const textEnd = Math.min(textBytes, binaryAt === null ? textBytes : Math.max(0, binaryAt - offset))
    const isLast = binaryAt === null && (isFinal || passes)
    const chunk = { bytes: bytes.subarray(0, textEnd), base: offset, encoding }
    const cut = cutLines({ ...chunk, inLongLine, capBytes, isFinal: isLast })
    const position = { offset: cut.next, generation, encoding, isBinary: false, inLongLine: cut.inLongLine }
    const found = { lines: cut.lines, longLines: cut.longLines }
    if (binaryAt !== null) {
      return {
        ...(await passBinary(handle, { ...position, isBinary: true }, writerHasLeft)),
        ...found,
        turnsBinary: true,
      }
    }
    // A long line that is still below its cap is read in one piece.
    const isCutShort = bytes.length === lengthBytes && !isWholeRest
    if (cut.next === offset && isCutShort && !isHole && !cut.inLongLine) {
      lengthBytes = Math.min(lengthBytes * 4, capBytes + CHUNK_BYTES)
      continue
    }
    if (passes) position.offset = await passHole(handle, offset + textBytes)
    const hasMore = !isWholeRest && (passes || !isHole)
    return {
      ...found,
      turnsBinary: false,
      cursor: await cursorAt(handle, { ...position, isEnded: isFinal }),
      isNewGeneration: false,
      isFinal,
      gap: null,
      hasMore,
      pendingBytes: hasMore ? 0 : offset + textBytes - cut.next,
      writtenMs: mtimeMs,
    }
  }
}

/** The first bytes of the file, while it is not yet settled that they are text. */
async function headOf(handle: FileHandle, offset: number, bytes: Uint8Array): Promise<Uint8Array> {
  if (offset === 0) return bytes
  return offset < BINARY_HEAD_BYTES ? readAt(handle, 0, BINARY_HEAD_BYTES) : new Uint8Array(0)
}

/** Goes to the end of a file that is no text, without reading it. */
async function passBinary(handle: FileHandle, position: Position, isFinal: boolean): Promise<FileRead> {
  const { size, mtimeMs } = await handle.stat()
  return {
    lines: [],
    longLines: [],
    turnsBinary: false,
    cursor: await cursorAt(handle, { ...position, offset: size, inLongLine: false, isEnded: isFinal }),
    isNewGeneration: false,
    isFinal,
    gap: null,
    hasMore: false,
    pendingBytes: 0,
    writtenMs: mtimeMs,
  }
}

function gapReason(kind: 'rewritten' | 'replaced', seen: Observation, cursor: Cursor): string {
  if (kind === 'replaced') return 'another file took the path before this one was read to its end'
  return seen.sizeBytes < cursor.offset ? 'the file was truncated' : 'the file was rewritten'
}
