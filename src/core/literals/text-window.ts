import { kernels } from '../kernels/kernels.ts'
import { TEXT_BYTES } from '../kernels/layout.ts'

/** A first look is short: most arrays are. */
const FIRST_BYTES = 1024
/** A number that begins before the last so many bytes of a window nearly always ends in it. */
const MARGIN_BYTES = 64
/** So many zeros follow the last byte, for kernels read as many at once. */
const ZEROS = 32

const ENCODER = new TextEncoder()

/**
 * A part of a text as bytes, in the memory of the kernels. Only one is in use at a time: a scan makes no other.
 *
 * A character beyond ASCII is the byte 255, so every byte is one character.
 */
export class TextWindow {
  readonly bytes = kernels.text
  /** Where in the text the first byte is. */
  start = 0
  /** How many bytes there are, and before which of them a number may be read without moving on. */
  size = 0
  safeSize = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Makes the character at `start` the first byte. */
  moveTo(start: number): void {
    const part = this.#text.slice(start, start + (this.size === 0 ? FIRST_BYTES : TEXT_BYTES))
    const { written } = ENCODER.encodeInto(part, this.bytes)
    if (written !== part.length) {
      for (let i = 0; i < part.length; i++) this.bytes[i] = Math.min(part.charCodeAt(i), 255)
    }
    this.bytes.fill(0, part.length, part.length + ZEROS)
    this.start = start
    this.size = part.length
    this.safeSize = this.isLast ? this.size : this.size - MARGIN_BYTES
  }

  get isLast(): boolean {
    return this.start + this.size >= this.#text.length
  }
}
