import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Cursor, Observation } from '../core/reading/cursor.ts'

const HEAD_BYTES = 256
const ANCHOR_BYTES = 64
const HASH_CHARACTERS = 32

/** Compares the open file with the cursor: is it the same file, with the same bytes where we have been? */
export async function observe(handle: FileHandle, cursor: Cursor | null): Promise<Observation> {
  const { dev, ino, size } = await handle.stat({ bigint: true })
  const seen = { device: String(dev), inode: String(ino), sizeBytes: Number(size) }
  if (cursor === null) return { ...seen, sameHead: true, sameAnchor: true }
  // What is not there any more cannot be what it was.
  const holds = (offset: number, length: number) => offset + length <= seen.sizeBytes
  const { headBytes, headHash, anchorBytes, anchorHash } = cursor
  const anchorAt = cursor.offset - anchorBytes
  return {
    ...seen,
    sameHead: holds(0, headBytes) && (await hashAt(handle, 0, headBytes)) === headHash,
    sameAnchor: holds(anchorAt, anchorBytes) && (await hashAt(handle, anchorAt, anchorBytes)) === anchorHash,
  }
}

/** The cursor after reading up to `offset`. */
export async function cursorAt(
  handle: FileHandle,
  at: Omit<Cursor, 'device' | 'inode' | 'headBytes' | 'headHash' | 'anchorBytes' | 'anchorHash'>,
): Promise<Cursor> {
  const { dev, ino } = await handle.stat({ bigint: true })
  const headBytes = Math.min(HEAD_BYTES, at.offset)
  const anchorBytes = Math.min(ANCHOR_BYTES, at.offset)
  return {
    device: String(dev),
    inode: String(ino),
    headBytes,
    headHash: await hashAt(handle, 0, headBytes),
    anchorBytes,
    anchorHash: await hashAt(handle, at.offset - anchorBytes, anchorBytes),
    ...at,
  }
}

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

async function hashAt(handle: FileHandle, offset: number, length: number): Promise<string> {
  const bytes = await readAt(handle, offset, length)
  // A hash of less would say that the file was rewritten, and all of it would be read again.
  if (bytes.length < length) throw new Error(`only ${bytes.length} of ${length} bytes could be read at ${offset}`)
  return createHash('sha256').update(bytes).digest('hex').slice(0, HASH_CHARACTERS)
}
