import { hash } from 'node:crypto'
import type { Cursor, Observation } from '../core/reading/cursor.ts'
import type { OpenFile } from './open-file.ts'

const HEAD_BYTES = 256
const ANCHOR_BYTES = 64
const HASH_BYTES = 16

/** Compares the open file with the cursor: is it the same file, with the same bytes where we have been? */
export async function observe(handle: OpenFile, cursor: Cursor | null): Promise<Observation> {
  const { dev, ino, size, mtimeMs } = await handle.stat({ bigint: true })
  const seen = { device: String(dev), inode: String(ino), sizeBytes: Number(size), writtenMs: Number(mtimeMs) }
  if (cursor === null) return { ...seen, sameHead: true, sameAnchor: true }
  // What is not there any more cannot be what it was.
  const holds = (offset: number, length: number) => offset + length <= seen.sizeBytes
  const { headBytes, headHash, anchorBytes, anchorHash, compressedBytes } = cursor
  const sameHead = holds(0, headBytes) && (await hashAt(handle, 0, headBytes)) === headHash
  // As far as what was not yet decompressed is concerned: how long the content is nobody knows.
  if (typeof compressedBytes === 'number') {
    return { ...seen, sizeBytes: cursor.offset + seen.sizeBytes - compressedBytes, sameHead, sameAnchor: true }
  }
  const anchorAt = cursor.offset - anchorBytes
  return {
    ...seen,
    sameHead,
    sameAnchor: holds(anchorAt, anchorBytes) && (await hashAt(handle, anchorAt, anchorBytes)) === anchorHash,
  }
}

/** The cursor after reading up to `offset`. Of a file that is read whole `content` is all of it, and none of it may change unnoticed. */
export async function cursorAt(
  handle: OpenFile,
  at: Omit<Cursor, 'device' | 'inode' | 'headBytes' | 'headHash' | 'anchorBytes' | 'anchorHash'>,
  content?: Uint8Array,
): Promise<Cursor> {
  const { dev, ino, mtimeMs } = await handle.stat({ bigint: true })
  const headBytes = content?.length ?? Math.min(HEAD_BYTES, at.offset)
  const anchorBytes = Math.min(ANCHOR_BYTES, at.offset)
  return {
    // First, for it may be the cursor of the read before, whose hashes are not those of this place.
    ...at,
    device: String(dev),
    inode: String(ino),
    writtenMs: Number(mtimeMs),
    headBytes,
    headHash: content === undefined ? await hashAt(handle, 0, headBytes) : hashOf(content),
    anchorBytes,
    anchorHash: await hashAt(handle, at.offset - anchorBytes, anchorBytes),
  }
}

/** The cursor in the content of a compressed file, of which the first bytes as they are on disk say which it is. */
export async function compressedCursorAt(
  handle: OpenFile,
  at: Omit<Cursor, 'device' | 'inode' | 'headBytes' | 'headHash' | 'anchorBytes' | 'anchorHash'>,
): Promise<Cursor> {
  const { size } = await handle.stat()
  const ofFile = await cursorAt(handle, { ...at, offset: Math.min(HEAD_BYTES, size) })
  return { ...ofFile, anchorBytes: 0, anchorHash: '', offset: at.offset }
}

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export async function readAt(handle: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

async function hashAt(handle: OpenFile, offset: number, length: number): Promise<string> {
  const bytes = await readAt(handle, offset, length)
  // A hash of less would say that the file was rewritten, and all of it would be read again.
  if (bytes.length < length) throw new Error(`only ${bytes.length} of ${length} bytes could be read at ${offset}`)
  return hashOf(bytes)
}

export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'buffer').toString('hex', 0, HASH_BYTES)
}
