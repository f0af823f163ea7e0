import { type FileRead, TO_THE_END } from '../core/pipeline/read.ts'
import { binaryFrom } from '../core/reading/binary.ts'
import { cutLines } from '../core/reading/cut.ts'
import { encodingOf } from '../core/reading/encoding.ts'
import type { Position } from './file-position.ts'
import { compressedCursorAt, readAt } from './fingerprint.ts'
import { GzipStream, isGzip } from './gzip-stream.ts'
import type { OpenFile } from './open-file.ts'

/** A turn takes as much of a compressed file as of any other. */
const CHUNK_BYTES = 1024 * 1024
/** A compressed file that ends too early, and that nobody wrote to for so long, will not be completed. */
const SETTLED_MS = 60_000

/** Whether the open file is compressed, by its first bytes. */
export async function isGzipFile(handle: OpenFile): Promise<boolean> {
  return isGzip(await readAt(handle, 0, 3))
}

/**
 * Reads compressed logs on: a finished log, so what ends the file ends its last line.
 *
 * Offsets count the bytes of the content. The stream is kept between two polls
 * as long as the same file is read; without it all up to the cursor is
 * decompressed again.
 */
export class GzipReading {
  #stream: GzipStream | null = null
  #handle: OpenFile | null = null

  async readFrom(
    handle: OpenFile,
    { offset, generation, encoding: known, isBinary, inLongLine }: Position,
    capBytes: number,
    writerHasLeft: boolean,
  ): Promise<FileRead> {
    const stream = this.#streamOf(handle)
    const { size, mtimeMs } = await handle.stat()
    const isComplete = writerHasLeft || Date.now() - mtimeMs > SETTLED_MS || isBinary
    let lengthBytes = CHUNK_BYTES
    for (;;) {
      const { bytes, end } = isBinary
        ? { bytes: new Uint8Array(0), end: { kind: 'whole' as const } }
        : await bytesOf(stream, handle, offset, lengthBytes, isComplete)
      const encoding = offset === 0 ? encodingOf(bytes) : known
      const binaryAt = isBinary ? null : binaryFrom(stream.head, encoding)
      const isOver = (end !== null && end.kind !== 'dry') || binaryAt !== null
      const text = binaryAt === null ? bytes : bytes.subarray(0, Math.max(0, binaryAt - offset))
      const isFinal = isOver && binaryAt === null
      const cut = cutLines({ bytes: text, base: offset, encoding, inLongLine, capBytes, isFinal })
      // A long line that is still below its cap is read in one piece.
      if (cut.next === offset && end === null && binaryAt === null && !cut.inLongLine) {
        lengthBytes = Math.min(lengthBytes * 4, capBytes + CHUNK_BYTES)
        continue
      }
      if (isOver) this.close()
      const position = {
        offset: cut.next,
        generation,
        encoding,
        container: null,
        isBinary: isBinary || binaryAt !== null,
      }
      return {
        ...TO_THE_END,
        content: {
          kind: 'lines',
          lines: cut.lines,
          longLines: cut.longLines,
          turnsBinary: binaryAt !== null,
          damage: end?.kind === 'damaged' ? { offset: offset + bytes.length, reason: end.reason } : null,
        },
        cursor: await compressedCursorAt(handle, {
          ...position,
          inLongLine: cut.inLongLine,
          isEnded: isOver,
          compressedBytes: isOver ? size : 0,
        }),
        isFinal: isOver,
        hasMore: end === null && binaryAt === null,
        pendingBytes: end?.kind === 'dry' ? offset + bytes.length - cut.next : 0,
        writtenMs: mtimeMs,
      }
    }
  }

  close(): void {
    this.#stream?.close()
    this.#stream = null
    this.#handle = null
  }

  #streamOf(handle: OpenFile): GzipStream {
    if (this.#stream === null || this.#handle !== handle) {
      this.close()
      this.#stream = new GzipStream(handle)
      this.#handle = handle
    }
    return this.#stream
  }
}

/**
 * The next bytes. Where the file ends with the length of what was decompressed it is taken to be
 * complete; of several members the last says less, so there the file must have settled.
 */
async function bytesOf(stream: GzipStream, handle: OpenFile, offset: number, length: number, isComplete: boolean) {
  const found = await stream.bytesFrom(offset, length, isComplete)
  if (found.end?.kind !== 'dry') return found
  const { size } = await handle.stat()
  const trailer = await readAt(handle, Math.max(0, size - 4), 4)
  const contentBytes = trailer.length === 4 ? Buffer.from(trailer).readUInt32LE() : -1
  const isWhole = contentBytes === (offset + found.bytes.length) % 2 ** 32
  return isWhole ? stream.bytesFrom(offset, length, true) : found
}
