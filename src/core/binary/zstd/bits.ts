/** Thrown inside the unpacking of Zstandard, and never outside it. */
export class BrokenZstd extends Error {
  override readonly name = 'BrokenZstd'
}

/** Reads bits from the end of `bytes` to their beginning, where Zstandard puts what was written first. */
export class BackwardBits {
  readonly #bytes: Uint8Array
  /** How many bits are left; below 0 where more were read than there are, which read as zeros. */
  left: number

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0
    // The highest bit that is set only marks where the bits end.
    if (last === 0) throw new BrokenZstd('bits without an end')
    this.#bytes = bytes
    this.left = bytes.length * 8 - 8 + log2(last)
  }

  /** The next `count` bits, at most 32, as a number. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 0x1_0000 + this.read(16)
    const bits = this.peek(count)
    this.left -= count
    return bits
  }

  /** The next `count` bits, at most 16, which stay to be read. */
  peek(count: number): number {
    const from = this.left - count
    const at = from >> 3
    const bytes = this.#bytes
    const three = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    return (three >> (from & 7)) & ((1 << count) - 1)
  }
}

/** The position of the highest bit that is set. */
export function log2(value: number): number {
  return 31 - Math.clz32(value)
}
