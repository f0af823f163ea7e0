import { containerNamed, containerOf, isTooShortToTell } from '../core/formats/containers/index.ts'
import { NO_LINES } from '../core/pipeline/content.ts'
import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import { BINARY_HEAD_BYTES, binaryFrom } from '../core/reading/binary.ts'
import { type Cursor, type Observation, resume } from '../core/reading/cursor.ts'
import { cutLines } from '../core/reading/cut.ts'
import { encodingOf, lengthWithoutBlank } from '../core/reading/encoding.ts'
import { type Position, START } from './file-position.ts'
import { cursorAt, observe, readAt } from './fingerprint.ts'
import { headOf as fileHead, type LogFile, readFrames, readWholeAgain } from './frame-read.ts'
import { type GzipReading, isGzipFile } from './gzip-read.ts'
import { HOLE_BYTES, isLeftBehind, passHole } from './hole.ts'
import type { OpenFile } from './open-file.ts'

/** Little enough that what is read next, which may be a line of another job, waits a few hundredths of a second. */
const PIECE_BYTES = 1024 * 1024
/** The beginning of a file that is written whole, too short to say that it is one. */
const LEAST_WHOLE_BYTES = 64

/** Reads an open file on from the cursor; null when there is nothing new. What has just been `observed` of it is not asked for again. */
export async function readOn(
  file: LogFile,
  cursor: Cursor | null,
  capBytes: number,
  writerHasLeft: boolean,
  gzip: GzipReading,
  observed: Observation | null = null,
): Promise<FileRead | null> {
  const { handle } = file
  const seen = observed ?? (await observe(handle, cursor))
  const { kind } = resume(cursor, seen)
  if (cursor === null || kind === 'first-seen') {
    if (seen.sizeBytes === 0 || (!writerHasLeft && isTooShortToTell(await fileHead(file)))) return null
    return begin(file, START, capBytes, writerHasLeft, gzip)
  }
  const container = cursor.container === null ? null : containerNamed(cursor.container)
  if (container?.framing === 'whole') {
    if (seen.sizeBytes > 0 && container.recognises(await fileHead(file))) {
      return readWholeAgain(file, container, cursor, seen, writerHasLeft)
    }
    // Emptied, and about to be written anew: a new life of the file would give all that it held once more.
    if (seen.sizeBytes < LEAST_WHOLE_BYTES && !writerHasLeft) return null
  }
  switch (kind) {
    case 'unchanged':
      return writerHasLeft && !cursor.isEnded ? ending(handle, cursor, null) : null
    case 'grown':
      return cursor.compressedBytes === undefined
        ? readFrom(file, cursor, capBytes, writerHasLeft)
        : gzip.readFrom(handle, cursor, capBytes, writerHasLeft)
    case 'rewritten':
    case 'replaced': {
      if (!cursor.isEnded) {
        return ending(handle, cursor, { offset: cursor.offset, bytes: null, reason: gapReason(kind, seen, cursor) })
      }
      // It may soon hold again what it held, and more.
      if (seen.sizeBytes === 0 && file.isOfWords !== true) return null
      return beginAnew(file, cursor, capBytes, writerHasLeft, gzip)
    }
  }
}

/** Reads a new life of the file. */
export async function beginAnew(
  file: LogFile,
  { generation }: Cursor,
  capBytes: number,
  writerHasLeft: boolean,
  gzip: GzipReading,
): Promise<FileRead> {
  const start = { ...START, generation: generation + 1 }
  return { ...(await begin(file, start, capBytes, writerHasLeft, gzip)), isNewGeneration: true }
}

/** Reads a life of the file from its first byte, which says whether it is compressed. */
async function begin(
  file: LogFile,
  start: Position,
  capBytes: number,
  writerHasLeft: boolean,
  gzip: GzipReading,
): Promise<FileRead> {
  return (await isGzipFile(file.handle))
    ? gzip.readFrom(file.handle, start, capBytes, writerHasLeft)
    : readFrom(file, start, capBytes, writerHasLeft)
}

/** Says that this life of the file is over; without lines, for they have been read or are gone. */
async function ending(handle: OpenFile, cursor: Cursor, gap: FileRead['gap']): Promise<FileRead> {
  return {
    ...TO_THE_END,
    content: NO_LINES,
    cursor: { ...cursor, isEnded: true },
    isFinal: true,
    gap,
    hasMore: gap !== null,
    writtenMs: (await handle.stat()).mtimeMs,
  }
}

/** Reads an open file on from where it is known to go on, whatever its size says. */
export async function readFrom(
  file: LogFile,
  from: Position,
  capBytes: number,
  writerHasLeft: boolean,
): Promise<FileRead> {
  const { handle } = file
  if (from.isBinary) return passBinary(handle, from, writerHasLeft)
  const container = from.offset === 0 ? containerOf(await fileHead(file)) : containerNamed(from.container ?? '')
  return container === null
    ? readText(file, from, capBytes, writerHasLeft)
    : readFrames(file, container, from, writerHasLeft)
}

async function readText(
  { handle, pieceBytes = PIECE_BYTES }: LogFile,
  { offset, generation, encoding: known, inLongLine }: Position,
  capBytes: number,
  writerHasLeft: boolean,
): Promise<FileRead> {
  let lengthBytes = pieceBytes
  for (;;) {
    const { size: sizeBefore } = await handle.stat()
    const bytes = await readAt(handle, offset, Math.min(lengthBytes, Math.max(0, sizeBefore - offset)))
    const encoding = offset === 0 ? encodingOf(bytes) : known
    const { size, mtimeMs } = await handle.stat()
    if (bytes.length === 0 && sizeBefore > offset && size > offset) {
      throw new Error(`nothing could be read at byte ${offset}, though the file is ${size} bytes long`)
    }
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
    const position = {
      offset: cut.next,
      generation,
      encoding,
      container: null,
      isBinary: false,
      inLongLine: cut.inLongLine,
    }
    const content = { ...NO_LINES, lines: cut.lines, longLines: cut.longLines, turnsBinary: binaryAt !== null }
    if (binaryAt !== null) {
      return { ...(await passBinary(handle, { ...position, isBinary: true }, writerHasLeft)), content }
    }
    // A long line that is still below its cap is read in one piece.
    const isCutShort = bytes.length === lengthBytes && !isWholeRest
    if (cut.next === offset && isCutShort && !isHole && !cut.inLongLine) {
      lengthBytes = Math.min(lengthBytes * 4, capBytes + pieceBytes)
      continue
    }
    if (passes) position.offset = await passHole(handle, offset + textBytes)
    const hasMore = !isWholeRest && (passes || !isHole)
    return {
      ...TO_THE_END,
      content,
      cursor: await cursorAt(handle, { ...position, isEnded: isFinal }),
      isFinal,
      hasMore,
      pendingBytes: hasMore ? 0 : offset + textBytes - cut.next,
      writtenMs: mtimeMs,
    }
  }
}

/** The first bytes of the file, while it is not yet settled that they are text. */
async function headOf(handle: OpenFile, offset: number, bytes: Uint8Array): Promise<Uint8Array> {
  if (offset === 0) return bytes
  return offset < BINARY_HEAD_BYTES
    ? readAt(handle, 0, Math.min(BINARY_HEAD_BYTES, offset + bytes.length))
    : new Uint8Array(0)
}

/** Goes to the end of a file that is no text, without reading it. */
async function passBinary(handle: OpenFile, position: Position, isFinal: boolean): Promise<FileRead> {
  const { size, mtimeMs } = await handle.stat()
  return {
    ...TO_THE_END,
    content: NO_LINES,
    cursor: await cursorAt(handle, { ...position, offset: size, inLongLine: false, isEnded: isFinal }),
    isFinal,
    writtenMs: mtimeMs,
  }
}

function gapReason(kind: 'rewritten' | 'replaced', seen: Observation, cursor: Cursor): string {
  if (kind === 'replaced') return 'another file took the path before this one was read to its end'
  return seen.sizeBytes < cursor.offset ? 'the file was truncated' : 'the file was rewritten'
}
