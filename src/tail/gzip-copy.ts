import type { Cursor } from '../core/reading/cursor.ts'
import type { Disk } from './disk.ts'
import { compressedCursorAt, hashOf, readAt } from './fingerprint.ts'
import { GzipStream } from './gzip-stream.ts'
import type { OpenFile } from './open-file.ts'

const CHUNK_BYTES = 1024 * 1024
const TAIL_BYTES = 64

/**
 * Whether the content of a compressed file goes on where the cursor of a plain one stands:
 * then it is a copy of what was read there.
 */
export async function holdsWhatWasRead(handle: OpenFile, cursor: Cursor): Promise<boolean> {
  const stream = new GzipStream(handle)
  try {
    const head = await stream.bytesFrom(0, cursor.headBytes, true)
    if (hashOf(head.bytes) !== cursor.headHash) return false
    const anchor = await stream.bytesFrom(cursor.offset - cursor.anchorBytes, cursor.anchorBytes, true)
    return hashOf(anchor.bytes) === cursor.anchorHash
  } finally {
    stream.close()
  }
}

/** Whether a compressed file holds, so far, nothing but the beginning of what the file at `path` holds. */
export async function isBeginningOf(handle: OpenFile, cursor: Cursor, path: string, disk: Disk): Promise<boolean> {
  const stream = new GzipStream(handle)
  const plain = await disk.open(path)
  try {
    const head = await stream.bytesFrom(0, cursor.headBytes, true)
    if (hashOf(head.bytes) !== cursor.headHash) return false
    let offset = 0
    let tail: Uint8Array = new Uint8Array(0)
    for (;;) {
      const { bytes, end } = await stream.bytesFrom(offset, CHUNK_BYTES, true)
      offset += bytes.length
      tail = Buffer.concat([tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
      if (end !== null) break
    }
    return Buffer.compare(await readAt(plain, offset - tail.length, tail.length), tail) === 0
  } finally {
    stream.close()
    await plain.close()
  }
}

/** The place of a plain file's cursor in the compressed copy of it. */
export function inCopy(handle: OpenFile, cursor: Cursor): Promise<Cursor> {
  const { offset, generation, encoding, container, isBinary, inLongLine, isEnded } = cursor
  return compressedCursorAt(handle, {
    ...{ offset, generation, encoding, container, isBinary, inLongLine, isEnded },
    compressedBytes: 0,
  })
}
