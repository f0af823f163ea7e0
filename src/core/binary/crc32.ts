import { CRC_32, crcOfBytes } from '../kernels/tables.ts'

const IEEE = tablesOf(CRC_32)
const CASTAGNOLI = tablesOf(0x82f63b78)

/** The CRC-32 of zlib and PNG over `bytes` from `start` to `end`, behind bytes that have the one `before`. */
export function crc32(bytes: Uint8Array, start: number, end: number, before = 0): number {
  return checksum(IEEE, bytes, start, end, before)
}

/** The CRC-32C (Castagnoli) of iSCSI and TFRecord over `bytes` from `start` to `end`. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return checksum(CASTAGNOLI, bytes, start, end, 0)
}

/** Takes four bytes at once, as "slicing by 4" does (Kounavis and Berry, 2005). */
function checksum(tables: Int32Array, bytes: Uint8Array, start: number, end: number, before: number): number {
  let crc = ~before
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    crc =
      tables[768 + (word & 0xff)]! ^
      tables[512 + ((word >>> 8) & 0xff)]! ^
      tables[256 + ((word >>> 16) & 0xff)]! ^
      tables[word >>> 24]!
  }
  for (; at < end; at++) crc = tables[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** What each byte does to a checksum of the reflected `polynomial`, and what it does with one, two and three bytes of 0 behind it. */
function tablesOf(polynomial: number): Int32Array {
  const tables = new Int32Array(4 * 256)
  tables.set(crcOfBytes(polynomial))
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!
    tables[at] = tables[before & 0xff]! ^ (before >>> 8)
  }
  return tables
}
