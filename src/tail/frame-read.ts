import { basename, dirname, join } from 'node:path'
import { type Container, type FileHead, HEAD_BYTES } from '../core/formats/containers/container.ts'
import type { FramesRead } from '../core/pipeline/content.ts'
import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import { type Cursor, type Observation, resume } from '../core/reading/cursor.ts'
import type { Frame, Framing } from '../core/reading/frame.ts'
import { FRAMINGS } from '../core/reading/framings.ts'
import type { Disk } from './disk.ts'
import { readElementsAnew, readElementsOn } from './element-read.ts'
import type { Position } from './file-position.ts'
import { cursorAt, readAt } from './fingerprint.ts'
import type { OpenFile } from './open-file.ts'

/** An open file, with the path that its companions lie beside. */
export interface LogFile {
  readonly handle: OpenFile
  readonly path: string
  readonly disk: Disk
  /** Whether no record was read in it so far. */
  readonly isOfWords?: boolean
  /** How much text is read at once. */
  readonly pieceBytes?: number
}

const CHUNK_BYTES = 1024 * 1024
/** What is read whole must fit into memory, with what is made of it. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024

/** What is known of a file before any of it is read. */
export async function headOf({ handle, path }: LogFile): Promise<FileHead> {
  const { size } = await handle.stat()
  return { name: basename(path), bytes: await readAt(handle, 0, Math.min(size, HEAD_BYTES)), sizeBytes: size }
}

/** Reads a file that is not text on from `place`. */
export async function readFrames(
  file: LogFile,
  container: Container,
  place: Position,
  writerHasLeft: boolean,
): Promise<FileRead> {
  if (container.framing !== 'whole')
    return readAppended(file, container, FRAMINGS[container.framing], place, writerHasLeft)
  const list = container.listIn?.(await headOf(file)) ?? null
  if (list === null) return readWhole(file, container, place, writerHasLeft)
  return readElementsAnew({ handle: file.handle, container, list, writerHasLeft }, place, true)
}

/** Reads a file that is rewritten whole, if it is not what it was; null when there is nothing new. */
export async function readWholeAgain(
  file: LogFile,
  container: Container,
  cursor: Cursor,
  seen: Observation,
  writerHasLeft: boolean,
): Promise<FileRead | null> {
  const list = cursor.isReadAsWhole === true ? null : (container.listIn?.(await headOf(file)) ?? null)
  if (list !== null) return readElementsOn({ handle: file.handle, container, list, writerHasLeft }, cursor, seen)
  const { version, isReadAgain = false, ...before } = cursor
  if (version === undefined && !isReadAgain && resume(cursor, seen).kind === 'unchanged') {
    if (!writerHasLeft || cursor.isEnded) return null
    return found(file, { ...cursor, isEnded: true }, framesOf(file, container, []), { isFinal: true })
  }
  return readWhole(file, container, { ...before, offset: 0 }, writerHasLeft)
}

async function readWhole(
  file: LogFile,
  container: Container,
  place: Position,
  writerHasLeft: boolean,
): Promise<FileRead> {
  const head = await headOf(file)
  const at = { ...place, isBinary: false, inLongLine: false, isEnded: writerHasLeft, container: container.name }
  const mayHoldData = container.mayHoldData?.(head) ?? true
  const maxBytes = container.maxFileBytes ?? MAX_WHOLE_BYTES
  const readsHead = container.readsHeadOnly === true
  if (!mayHoldData || (head.sizeBytes > maxBytes && !readsHead)) {
    const detail = mayHoldData ? tooLarge(head.sizeBytes, maxBytes) : null
    const cursor = await cursorAt(file.handle, { ...at, offset: head.sizeBytes })
    return found(file, cursor, framesOf(file, container, [], detail), { isFinal: writerHasLeft })
  }
  const bytes = readsHead ? head.bytes : await readAt(file.handle, 0, head.sizeBytes)
  const frame: Frame = { offset: 0, bytes, companions: await companionsOf(file, container, head.name) }
  const offset = readsHead ? head.sizeBytes : bytes.length
  const cursor = await cursorAt(file.handle, { ...at, offset }, bytes)
  return found(file, cursor, framesOf(file, container, [frame]), { isFinal: writerHasLeft })
}

async function readAppended(
  file: LogFile,
  container: Container,
  framing: Framing,
  place: Position,
  writerHasLeft: boolean,
): Promise<FileRead> {
  const { handle } = file
  for (let lengthBytes = CHUNK_BYTES; ; lengthBytes = Math.min(lengthBytes * 4, framing.maxFrameBytes + CHUNK_BYTES)) {
    const { size } = await handle.stat()
    const bytes = await readAt(handle, place.offset, Math.min(lengthBytes, Math.max(0, size - place.offset)))
    const isWholeRest = place.offset + bytes.length >= size
    const cut = framing.cut(bytes, place.offset)
    // A long record is read in one piece.
    if (cut.next === place.offset && !isWholeRest && cut.damage === null && lengthBytes <= framing.maxFrameBytes)
      continue
    const isPassedOver = cut.damage !== null || (cut.next === place.offset && !isWholeRest)
    const isFinal = writerHasLeft && isWholeRest
    const cursor = await cursorAt(handle, {
      ...place,
      offset: isPassedOver ? size : cut.next,
      isBinary: isPassedOver,
      inLongLine: false,
      isEnded: isFinal,
      container: container.name,
    })
    const hasMore = !isWholeRest && !isPassedOver
    const pendingBytes = hasMore || isPassedOver ? 0 : size - cut.next
    const damage = isPassedOver ? `byte ${cut.next}: ${cut.damage ?? 'a record without an end'}` : null
    return found(file, cursor, framesOf(file, container, cut.frames, damage), { isFinal, hasMore, pendingBytes })
  }
}

function framesOf(
  { path }: LogFile,
  container: Container,
  frames: readonly Frame[],
  damage: string | null = null,
): FramesRead {
  return { kind: 'frames', container, name: basename(path), frames, damage }
}

async function found(
  { handle }: LogFile,
  cursor: Cursor,
  content: FramesRead,
  about: { readonly isFinal: boolean; readonly hasMore?: boolean; readonly pendingBytes?: number },
): Promise<FileRead> {
  return { ...TO_THE_END, content, cursor, ...about, writtenMs: (await handle.stat()).mtimeMs }
}

async function companionsOf({ path, disk }: LogFile, container: Container, name: string): Promise<Frame['companions']> {
  const companions: { name: string; bytes: Uint8Array }[] = []
  for (const other of container.companions?.(name) ?? []) {
    let handle: OpenFile
    try {
      handle = await disk.open(join(dirname(path), other))
    } catch {
      // Most of the names that a companion might have are not there.
      continue
    }
    try {
      const { size } = await handle.stat()
      if (size <= MAX_WHOLE_BYTES) companions.push({ name: other, bytes: await readAt(handle, 0, size) })
    } finally {
      await handle.close()
    }
  }
  return companions
}

function tooLarge(sizeBytes: number, maxBytes: number): string {
  const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
  return `${mebibytes(sizeBytes)} MiB, of which more than ${mebibytes(maxBytes)} are not read whole: write it in parts, one for each step`
}
