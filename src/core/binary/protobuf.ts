/** Groups within groups; nobody nests what proto2 has deprecated. */
const MAX_GROUP_DEPTH = 32
const MAX_VARINT_BYTES = 10

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const GROUP_START = 3
const GROUP_END = 4
const FIXED32 = 5

/** The tag of a field that is a varint: int32, int64, bool, enum. */
export const varintTag = (field: number): number => field * 8 + VARINT
/** The tag of a double or another field of eight bytes. */
export const fixed64Tag = (field: number): number => field * 8 + FIXED64
/** The tag of a text, bytes, a message, or packed numbers. */
export const bytesTag = (field: number): number => field * 8 + LENGTH_DELIMITED
/** The tag of a float or another field of four bytes. */
export const fixed32Tag = (field: number): number => field * 8 + FIXED32

/**
 * Walks the fields of one protobuf message, as https://protobuf.dev/programming-guides/encoding/ has them.
 *
 * A tag holds the field's number and how it is written, so a field of an
 * unexpected kind is passed over like an unknown one. What cannot be read ends
 * the walk and sets `problem`, in the messages around it too.
 */
export class MessageReader {
  /** The tag of the field that `next` came to. */
  tag = 0
  problem: string | null = null
  /** Where the value of the field begins, and where it ends. */
  start = 0
  end = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #parent: MessageReader | null
  readonly #limit: number
  #at: number
  #low = 0
  #high = 0

  constructor(bytes: Uint8Array, parent: MessageReader | null = null) {
    this.#bytes = bytes
    this.#parent = parent
    this.#view = parent === null ? new DataView(bytes.buffer, bytes.byteOffset, bytes.length) : parent.#view
    this.#at = parent === null ? 0 : parent.start
    this.#limit = parent === null ? bytes.length : parent.end
  }

  /** Goes to the next field; false at the end of the message, or where it cannot be read. */
  next(): boolean {
    while (this.#at < this.#limit) {
      if (!this.#field()) return false
      if (this.tag % 8 === GROUP_END) return this.#fail('the end of a group that never began')
      if (this.tag % 8 !== GROUP_START) return true
      if (!this.#skipGroup()) return false
    }
    return false
  }

  /** Reads a number without a tag, as packed fields hold them, for `integer` to give. */
  varint(): boolean {
    let low = 0
    let high = 0
    for (let read = 0; read < MAX_VARINT_BYTES; read++) {
      if (this.#at >= this.#limit) return this.#fail('a number that is cut off')
      const byte = this.#bytes[this.#at++]!
      const bits = byte & 0x7f
      if (read < 4) low |= bits << (7 * read)
      else if (read > 4) high |= bits << (7 * read - 32)
      else {
        low |= bits << 28
        high = bits >>> 4
      }
      if (byte < 0x80) {
        this.#low = low >>> 0
        this.#high = high
        return true
      }
    }
    return this.#fail('a number of more than ten bytes')
  }

  /** The field as a message of its own. */
  message(): MessageReader {
    return new MessageReader(this.#bytes, this)
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(this.start, this.end)
  }

  /** The field as a signed integer; null beyond what a double holds exactly. */
  integer(): number | null {
    const value = this.#high * 0x1_0000_0000 + this.#low
    return Number.isSafeInteger(value) ? value : null
  }

  double(): number {
    return this.#view.getFloat64(this.start, true)
  }

  float(): number {
    return this.#view.getFloat32(this.start, true)
  }

  text(): string {
    return UTF_8.decode(this.bytes())
  }

  #field(): boolean {
    if (!this.varint()) return false
    if (this.#high !== 0 || this.#low < 8) return this.#fail('a tag that no field has')
    this.tag = this.#low
    this.start = this.#at
    switch (this.tag % 8) {
      case VARINT:
        if (!this.varint()) return false
        break
      case FIXED64:
        this.#at += 8
        break
      case LENGTH_DELIMITED:
        if (!this.varint()) return false
        this.start = this.#at
        this.#at += this.#high === 0 ? this.#low : Infinity
        break
      case GROUP_START:
      case GROUP_END:
        break
      case FIXED32:
        this.#at += 4
        break
      default:
        return this.#fail('a wire type that does not exist')
    }
    this.end = this.#at
    return this.#at <= this.#limit || this.#fail('a field that is longer than its message')
  }

  #skipGroup(): boolean {
    for (let depth = 1; depth > 0; ) {
      if (!this.#field()) return false
      if (this.tag % 8 === GROUP_START && ++depth > MAX_GROUP_DEPTH)
        return this.#fail('groups that are nested too deep')
      if (this.tag % 8 === GROUP_END) depth--
    }
    return true
  }

  #fail(problem: string): false {
    for (let message: MessageReader | null = this; message !== null; message = message.#parent) {
      message.problem ??= problem
      message.#at = message.#limit
    }
    return false
  }
}

const UTF_8 = new TextDecoder()
