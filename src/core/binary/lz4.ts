const LEAST_MATCH = 4
const MORE_FOLLOWS = 255

/** Unpacks a block of LZ4, without a frame around it, to just `size` bytes; null where it does not come to that. */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array | null {
  const unpacked = new Uint8Array(size)
  let at = 0
  let to = 0
  /** Four bits of a token, and the bytes that go on where they are all ones; infinite where those are cut off. */
  const lengthOf = (nibble: number): number => {
    let length = nibble
    for (let more = nibble === 15 ? MORE_FOLLOWS : 0; more === MORE_FOLLOWS; length += more) {
      more = packed[at++] ?? Infinity
    }
    return length
  }
  while (at < packed.length) {
    const token = packed[at++]!
    const literals = lengthOf(token >> 4)
    if (at + literals > packed.length || to + literals > size) return null
    unpacked.set(packed.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at === packed.length) return to === size ? unpacked : null
    const distance = packed[at]! | ((packed[at + 1] ?? 0) << 8)
    at += 2
    const length = lengthOf(token & 15) + LEAST_MATCH
    if (distance === 0 || distance > to || to + length > size) return null
    for (const end = to + length; to < end; to++) unpacked[to] = unpacked[to - distance]!
  }
  return null
}
