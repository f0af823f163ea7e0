const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/**
 * CRC-32 of a text, going on from `before`. Any change within four neighbouring bytes changes it.
 *
 * Of ASCII it is what zlib computes. A character beyond U+00FF counts as its two bytes in UTF-16.
 */
export function checksum(text: string, before = 0): number {
  let crc = ~before
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    crc = TABLE[(crc ^ code) & 0xff]! ^ (crc >>> 8)
    if (code > 0xff) crc = TABLE[(crc ^ (code >>> 8)) & 0xff]! ^ (crc >>> 8)
  }
  return ~crc >>> 0
}
