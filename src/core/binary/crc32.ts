const IEEE = tableOf(0xedb88320)
const CASTAGNOLI = tableOf(0x82f63b78)

/** The CRC-32 of zlib and PNG over `bytes` from `start` to `end`. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  return checksum(IEEE, bytes, start, end)
}

/** The CRC-32C (Castagnoli) of iSCSI and TFRecord over `bytes` from `start` to `end`. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return checksum(CASTAGNOLI, bytes, start, end)
}

function checksum(table: Int32Array, bytes: Uint8Array, start: number, end: number): number {
  let crc = -1
  for (let at = start; at < end; at++) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** What each byte does to a checksum of the reflected `polynomial`. */
function tableOf(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
}
