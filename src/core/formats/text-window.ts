/** A first look is short: most arrays are. */
const FIRST_BYTES = 1024
const WINDOW_BYTES = 64 * 1024
/** A number that begins before the last so many bytes of a window nearly always ends in it. */
const MARGIN_BYTES = 64

const ENCODER = new TextEncoder()
/** One for all windows, of which only one is in use at a time: a scan makes no other. */
const BYTES = new Uint8Array(WINDOW_BYTES + 4)

/**
 * A part of a text as bytes, which are read several times as fast as its characters.
 *
 * A character beyond ASCII is the byte 255, so every byte is one character. Four zeros follow the last byte.
 */
export class TextWindow {
  readonly bytes = BYTES
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
    const part = this.#text.slice(start, start + (this.size === 0 ? FIRST_BYTES : WINDOW_BYTES))
    const { written } = ENCODER.encodeInto(part, BYTES)
    if (written !== part.length) {
      for (let i = 0; i < part.length; i++) BYTES[i] = Math.min(part.charCodeAt(i), 255)
    }
    BYTES.fill(0, part.length, part.length + 4)
    this.start = start
    this.size = part.length
    this.safeSize = this.isLast ? this.size : this.size - MARGIN_BYTES
  }

  get isLast(): boolean {
    return this.start + this.size >= this.#text.length
  }
}
