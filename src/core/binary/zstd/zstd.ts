import { BrokenZstd } from './bits.ts'
import { type Huffman, literalsOf } from './literals.ts'
import { sequencesHead, sequencesOf, type Tables } from './sequences.ts'

const MAGIC = 0xfd2fb528
/** Sixteen magic numbers begin frames of other data. */
const SKIPPABLE = 0x184d2a50
const RAW = 0
const REPEATED = 1
const COMPRESSED = 2

/**
 * Unpacks frames of Zstandard (RFC 8878) to just `size` bytes; null where they do not come to that.
 *
 * Each step writes into those bytes or fails, so what is crafted can neither
 * take more memory nor more time than what is sound. Checksums are passed over.
 */
export function unpackZstd(packed: Uint8Array, size: number): Uint8Array | null {
  const unpacking = new Unpacking(packed, size)
  try {
    return unpacking.frames()
  } catch (error) {
    if (error instanceof BrokenZstd) return null
    throw error
  }
}

class Unpacking {
  readonly #packed: Uint8Array
  readonly #view: DataView
  readonly #unpacked: Uint8Array
  #at = 0
  #to = 0
  /** What a block may take over from the one before it, within a frame. */
  #huffman: Huffman | null = null
  #tables: Tables | null = null
  #offsets: readonly [number, number, number] = [1, 4, 8]

  constructor(packed: Uint8Array, size: number) {
    this.#packed = packed
    this.#view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    this.#unpacked = new Uint8Array(size)
  }

  frames(): Uint8Array | null {
    while (this.#at < this.#packed.length) this.#frame()
    return this.#to === this.#unpacked.length ? this.#unpacked : null
  }

  #frame(): void {
    this.#need(4)
    const magic = this.#view.getUint32(this.#at, true)
    this.#at += 4
    if (magic >>> 4 === SKIPPABLE >>> 4) {
      this.#need(4)
      this.#at += 4 + this.#view.getUint32(this.#at, true)
      return
    }
    if (magic !== MAGIC) throw new BrokenZstd('no frame')
    const hasChecksum = this.#head()
    this.#huffman = null
    this.#tables = null
    this.#offsets = [1, 4, 8]
    while (!this.#block());
    if (hasChecksum) this.#at += 4
  }

  /** Passes over the sizes of the window and of the content, and says whether a checksum ends the frame. */
  #head(): boolean {
    this.#need(1)
    const flags = this.#packed[this.#at]!
    const isSingle = (flags & 0x20) !== 0
    if ((flags & 0x0b) !== 0) throw new BrokenZstd('a frame that needs a dictionary')
    const sizeFlag = flags >> 6
    this.#at += 1 + (isSingle ? 0 : 1) + (sizeFlag === 0 ? (isSingle ? 1 : 0) : 2 ** sizeFlag)
    return (flags & 4) !== 0
  }

  /** Unpacks a block, and says whether it was the last one of its frame. */
  #block(): boolean {
    this.#need(3)
    const head = this.#view.getUint16(this.#at, true) | (this.#packed[this.#at + 2]! << 16)
    const type = (head >> 1) & 3
    const size = head >> 3
    this.#at += 3
    this.#need(type === REPEATED ? 1 : size)
    const body = this.#packed.subarray(this.#at, this.#at + (type === REPEATED ? 1 : size))
    this.#at += body.length
    if (type === RAW) this.#put(body)
    else if (type === REPEATED) this.#put(new Uint8Array(size).fill(body[0]!))
    else if (type === COMPRESSED) this.#compressed(body)
    else throw new BrokenZstd('a block of no kind')
    return (head & 1) !== 0
  }

  #compressed(block: Uint8Array): void {
    const literals = literalsOf(block, this.#huffman)
    this.#huffman = literals.huffman
    const { count, tables, end } = sequencesHead(block, literals.end, this.#tables)
    this.#tables = tables
    let from = 0
    if (count > 0 && tables !== null) {
      for (const sequence of sequencesOf(block.subarray(end), count, tables)) {
        this.#put(literals.bytes.subarray(from, from + sequence.literals))
        from += sequence.literals
        if (from > literals.bytes.length) throw new BrokenZstd('too few literals')
        this.#repeat(this.#distanceOf(sequence.offset, sequence.literals === 0), sequence.match)
      }
    }
    this.#put(literals.bytes.subarray(from))
  }

  /** The distance that an offset stands for: itself, or one of the last three. */
  #distanceOf(offset: number, isBare: boolean): number {
    const [first, second, third] = this.#offsets
    const which = isBare ? offset : offset - 1
    if (offset > 3) this.#offsets = [offset - 3, first, second]
    else if (which === 1) this.#offsets = [second, first, third]
    else if (which === 2) this.#offsets = [third, first, second]
    else if (which === 3) this.#offsets = [first - 1, first, second]
    return this.#offsets[0]
  }

  #put(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#unpacked.length) throw new BrokenZstd('more than it says')
    this.#unpacked.set(bytes, this.#to)
    this.#to += bytes.length
  }

  #repeat(distance: number, length: number): void {
    const end = this.#to + length
    if (distance < 1 || distance > this.#to || end > this.#unpacked.length)
      throw new BrokenZstd('a match beyond its data')
    const bytes = this.#unpacked
    for (let to = this.#to; to < end; to++) bytes[to] = bytes[to - distance]!
    this.#to = end
  }

  #need(count: number): void {
    if (this.#at + count > this.#packed.length) throw new BrokenZstd('cut off')
  }
}
