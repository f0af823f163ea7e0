import { crc32 } from '../../binary/crc32.ts'
import { kernels } from '../../kernels/kernels.ts'
import { TEXT_BYTES } from '../../kernels/layout.ts'
import { skipSpace, stringEnd, valueEnd } from './json-extent.ts'

/** Finds the ends of values in bytes of JSON, one after another, and a checksum of each that does not tell how it is laid out. */
export class ValueScan {
  /** The CRC-32 of the value that was found last, but for the white space between its parts. */
  checksum = 0
  readonly #bytes: Uint8Array
  /** The part of the bytes that the kernel has. */
  #from = 0
  #to = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Offset behind the object or list that begins at `start`, which is not before the last one; null where it is not closed. */
  endOf(start: number): number | null {
    const bytes = this.#bytes
    let end = start < this.#to ? kernels.call.valueEnd(start - this.#from, this.#to - this.#from) : -1
    if (end < 0 && (start >= this.#to || this.#to < bytes.length)) {
      this.#from = start
      this.#to = Math.min(start + TEXT_BYTES, bytes.length)
      kernels.text.set(bytes.subarray(this.#from, this.#to))
      end = kernels.call.valueEnd(0, this.#to - this.#from)
    }
    if (end >= 0) {
      this.checksum = kernels.results[0]!
      return this.#from + end
    }
    return this.#to === bytes.length ? null : this.#endOfLong(start)
  }

  #endOfLong(start: number): number | null {
    const end = valueEnd(this.#bytes, start)
    if (end !== null) this.checksum = checksumOf(this.#bytes, start, end)
    return end
  }
}

/** The CRC-32 of a value of JSON, but for the white space between its parts. */
export function checksumOf(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  let from = start
  for (let at = start; at < end; ) {
    const next = bytes[at] === QUOTE ? (stringEnd(bytes, at) ?? end - 1) + 1 : skipSpace(bytes, at)
    if (next === at) {
      at++
      continue
    }
    const isBlank = bytes[at] !== QUOTE
    if (isBlank) {
      crc = crc32(bytes, from, at, crc)
      from = next
    }
    at = next
  }
  return crc32(bytes, Math.min(from, end), end, crc)
}

const QUOTE = 0x22
