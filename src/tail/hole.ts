import { readAt } from './fingerprint.ts'
import type { OpenFile } from './open-file.ts'

const CHUNK_BYTES = 1024 * 1024
/** So many zeros, after the text of a chunk, are a hole in the file and no accident. */
export const HOLE_BYTES = 64 * 1024
/** How far one poll goes into a hole, so that one of a terabyte keeps nobody waiting. */
const LOOK_BYTES = 256 * 1024 * 1024
const ZEROS = new Uint8Array(CHUNK_BYTES)

/**
 * Whether a hole in a file of this size is one that its writer left behind.
 *
 * Where the file ends with zeros as well it was given its size in advance: the
 * hole is still to be written. That costs one short read, however large it is.
 */
export async function isLeftBehind(handle: OpenFile, sizeBytes: number): Promise<boolean> {
  const end = await readAt(handle, Math.max(0, sizeBytes - HOLE_BYTES), HOLE_BYTES)
  return !isBlank(end)
}

/** Where reading goes on after the zeros from `offset` on: before the first other byte, if one is near. */
export async function passHole(handle: OpenFile, offset: number): Promise<number> {
  // One buffer for all of it: the collector does not hurry to take back hundreds of a megabyte.
  const buffer = new Uint8Array(CHUNK_BYTES)
  for (let at = offset; at < offset + LOOK_BYTES; ) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, at)
    const bytes = buffer.subarray(0, bytesRead)
    if (!isBlank(bytes)) return at + evenFloor(bytes.findIndex((byte) => byte !== 0))
    if (bytes.length === 0) return at
    at += bytes.length
  }
  return offset + LOOK_BYTES
}

/** A unit of UTF-16 begins at an even offset, and the first byte of it may be zero. */
function evenFloor(bytes: number): number {
  return bytes - (bytes % 2)
}

function isBlank(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}
