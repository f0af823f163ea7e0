import type { Container } from '../core/formats/containers/container.ts'
import { cutElements, outlineOf } from '../core/formats/documents/element-cut.ts'
import type { StreamedList } from '../core/formats/documents/streamed-list.ts'
import type { ElementsRead } from '../core/pipeline/content.ts'
import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import { type Cursor, continues, isOfFirstVersion, type Observation } from '../core/reading/cursor.ts'
import { MAX_FRAME_BYTES, writtenBytes } from '../core/reading/frame.ts'
import type { Position } from './file-position.ts'
import { cursorAt, readAt } from './fingerprint.ts'
import type { OpenFile } from './open-file.ts'

const CHUNK_BYTES = 512 * 1024

/** How a document is read element by element. */
export interface ElementReading {
  readonly handle: OpenFile
  readonly container: Container
  readonly list: StreamedList
  readonly writerHasLeft: boolean
}

/** Reads the elements of a document on from the cursor, or its next version from the first of them; null where it is what it was. */
export async function readElementsOn(
  reading: ElementReading,
  cursor: Cursor,
  seen: Observation,
): Promise<FileRead | null> {
  const goesOn = continues(cursor, seen) && cursor.isReadAgain === undefined
  if (cursor.version !== undefined && goesOn) return readElements(reading, cursor, cursor.version)
  const isWhatItWas = goesOn && seen.sizeBytes === cursor.offset && seen.writtenMs === cursor.writtenMs
  if (!isWhatItWas) return readElementsAnew(reading, cursor, isOfFirstVersion(cursor))
  if (!reading.writerHasLeft || cursor.isEnded) return null
  const { list } = reading
  const content = contentOf(reading, { ...cutElements(new Uint8Array(0), cursor.offset, list), isAnew: false })
  return found(reading, { ...cursor, isEnded: true }, content, { isFinal: true })
}

/** Reads a version of a document from its first element on. */
export async function readElementsAnew(reading: ElementReading, place: Position, isFirst: boolean): Promise<FileRead> {
  const { mtimeMs } = await reading.handle.stat({ bigint: true })
  const version = { writtenMs: Number(mtimeMs), isFirst }
  return readElements(reading, { ...place, offset: reading.list.startBytes }, version, true)
}

async function readElements(
  reading: ElementReading,
  { offset, generation, encoding }: Position,
  version: NonNullable<Cursor['version']>,
  isAnew = false,
): Promise<FileRead> {
  const { handle, container, list, writerHasLeft } = reading
  for (let lengthBytes = CHUNK_BYTES; ; lengthBytes *= 4) {
    const { size } = await handle.stat()
    const piece = await readAt(handle, offset, Math.min(lengthBytes, Math.max(0, size - offset)))
    const isWholeRest = offset + piece.length >= size
    const bytes = isWholeRest ? piece.subarray(0, writtenBytes(piece)) : piece
    const cut = cutElements(bytes, offset, list)
    const isIdle = cut.elements.length === 0 && cut.next === offset
    // A long element is read in one piece, and so is what stands behind the list.
    if (isIdle && !isWholeRest && lengthBytes <= MAX_FRAME_BYTES) continue
    const isAtEnd = isWholeRest && cut.endsAt !== null
    // Behind values that no bracket closes more may come.
    const end = isAtEnd && list.isClosed ? await endOf(reading, bytes.subarray(cut.endsAt!)) : null
    const strayAt = cut.strayAt ?? (end === null || end.strayAt === null ? null : cut.endsAt! + end.strayAt)
    const isTooLong = isIdle && !isWholeRest
    const damage = damageOf(strayAt === null ? null : offset + strayAt, isTooLong ? offset : null)
    const isFinal = writerHasLeft && (isWholeRest || isTooLong)
    const isCut = isFinal && end === null && !isTooLong && (list.isClosed || !isAtEnd)
    const isOver = end !== null || isTooLong || isFinal
    const at = { offset: isOver ? size : cut.next, generation, encoding, isBinary: false, inLongLine: false }
    const cursor = await cursorAt(handle, { ...at, container: container.name, isEnded: isFinal })
    const hasMore = !isWholeRest && !isTooLong
    return found(
      reading,
      // What was written while it was read is looked at once more.
      isOver ? { ...cursor, writtenMs: version.writtenMs } : { ...cursor, version },
      contentOf(reading, {
        ...cut,
        isAnew,
        outline: end?.text ?? null,
        damage,
        isCutAt: isCut ? cut.next : null,
      }),
      { isFinal, hasMore, pendingBytes: isOver || hasMore || isAtEnd ? 0 : size - cut.next },
    )
  }
}

/** What stands around the list, once its document is whole. */
async function endOf({ handle, list }: ElementReading, behind: Uint8Array): Promise<ReturnType<typeof outlineOf>> {
  return outlineOf(await readAt(handle, 0, list.startBytes), behind)
}

function damageOf(strayAt: number | null, tooLongAt: number | null): ElementsRead['damage'] {
  if (strayAt !== null) return { offset: strayAt, detail: `byte ${strayAt}: text that is no element of the list` }
  if (tooLongAt === null) return null
  return {
    offset: tooLongAt,
    detail: `byte ${tooLongAt}: an element of more than ${MAX_FRAME_BYTES / 1024 / 1024} MiB`,
  }
}

function contentOf(
  { container, list }: ElementReading,
  read: Pick<ElementsRead, 'elements' | 'checksums' | 'isAnew'> & Partial<ElementsRead>,
): ElementsRead {
  const { elements, checksums, isAnew, outline = null, damage = null, isCutAt = null } = read
  return { kind: 'elements', container, list, isAnew, elements, checksums, outline, damage, isCutAt }
}

async function found(
  { handle }: ElementReading,
  cursor: Cursor,
  content: ElementsRead,
  about: { readonly isFinal: boolean; readonly hasMore?: boolean; readonly pendingBytes?: number },
): Promise<FileRead> {
  return { ...TO_THE_END, content, cursor, ...about, writtenMs: (await handle.stat()).mtimeMs }
}
