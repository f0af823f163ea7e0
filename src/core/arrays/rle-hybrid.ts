/**
 * Decodes `count` small numbers of Parquet's mix of runs and packed bits, from `at` to `end`
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/); null where they are not all there.
 *
 * A run says its own length, up to 2³¹: never more than `count` numbers are written.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  at: number,
  end: number,
  width: number,
  count: number,
): Uint32Array | null {
  const numbers = new Uint32Array(count)
  if (width === 0) return numbers
  const byteWidth = (width + 7) >> 3
  let seen = 0
  let next = at
  while (seen < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (next >= end || shift > 28) return null
      const byte = bytes[next++]!
      header |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    if ((header & 1) === 0) {
      if (next + byteWidth > end || header === 0) return null
      let value = 0
      for (let i = 0; i < byteWidth; i++) value += bytes[next + i]! * 2 ** (8 * i)
      next += byteWidth
      const length = Math.min(header >>> 1, count - seen)
      numbers.fill(value, seen, seen + length)
      seen += length
      continue
    }
    const packed = Math.min((header >>> 1) * 8, count - seen)
    if (packed === 0 || next + Math.ceil((packed * width) / 8) > end) return null
    for (let i = 0; i < packed; i++) numbers[seen++] = bitsAt(bytes, next * 8 + i * width, width)
    next += (header >>> 1) * width
  }
  return numbers
}

function bitsAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let taken = 0; taken < width; ) {
    const offset = (at + taken) & 7
    const length = Math.min(8 - offset, width - taken)
    value += ((bytes[(at + taken) >> 3]! >> offset) & ((1 << length) - 1)) * 2 ** taken
    taken += length
  }
  return value
}
