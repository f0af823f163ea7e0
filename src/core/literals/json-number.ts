import { decimalQuotient } from './exact-quotient.ts'

/** The words that Python's `json` and `repr` write where JSON has no number. */
const WORDS: readonly (readonly [string, number])[] = [
  ['NaN', Number.NaN],
  ['nan', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['inf', Infinity],
  ['-inf', -Infinity],
]

/** A double holds this many decimal digits exactly. */
const EXACT_DIGITS = 15
const MAX_TAIL_DIGITS = 4

/**
 * Reads JSON numbers, and the six bare words of Python, out of a text.
 *
 * It makes no object and no string per number: a batch of predictions holds
 * millions, nearly all with the 16 or 17 digits of a converted float32.
 */
export class JsonNumberReader {
  /** Behind the number last read; where it should have begun when there was none. */
  end = 0
  #head = 0
  #headDigits = 0
  #tail = 0
  #tailDigits = 0
  #digits = 0

  /** The number at `start`, correctly rounded; `end` stays at `start` when the text there is no number. */
  read(text: string, start: number): number {
    this.#head = this.#headDigits = this.#tail = this.#tailDigits = this.#digits = 0
    this.end = start
    const isNegative = text.charCodeAt(start) === MINUS
    const first = isNegative ? start + 1 : start
    const code = text.charCodeAt(first)
    if (!isDigit(code)) return this.#word(text, start)
    let at = this.#digitsFrom(text, first)
    if (code === ZERO && at > first + 1) return Number.NaN

    let exponent = 0
    if (text.charCodeAt(at) === DOT) {
      const fraction = at + 1
      at = this.#digitsFrom(text, fraction)
      if (at === fraction) return Number.NaN
      exponent = fraction - at
    }
    if ((text.charCodeAt(at) | LOWER) === LETTER_E) {
      const sign = text.charCodeAt(at + 1)
      const digits = sign === MINUS || sign === PLUS ? at + 2 : at + 1
      at = digits
      let power = 0
      for (; isDigit(text.charCodeAt(at)); at++) power = power * 10 + text.charCodeAt(at) - ZERO
      if (at === digits) return Number.NaN
      exponent += sign === MINUS ? -power : power
    }
    this.end = at
    const size = this.#scaled(exponent)
    if (Number.isNaN(size)) return Number(text.slice(start, at))
    return isNegative ? -size : size
  }

  #word(text: string, start: number): number {
    for (const [word, value] of WORDS) {
      if (!text.startsWith(word, start)) continue
      this.end = start + word.length
      return value
    }
    return Number.NaN
  }

  /** Takes the digits from `at` on: fifteen into the head, four into the tail, the rest only counted. */
  #digitsFrom(text: string, from: number): number {
    let at = from
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at)) {
      if (this.#headDigits < EXACT_DIGITS) {
        this.#head = this.#head * 10 + code - ZERO
        if (this.#head !== 0) this.#headDigits++
      } else if (this.#tailDigits < MAX_TAIL_DIGITS) {
        this.#tail = this.#tail * 10 + code - ZERO
        this.#tailDigits++
      } else {
        this.#digits++
      }
    }
    return at
  }

  /** The digits times 10^exponent, or NaN where that takes more than double-double arithmetic. */
  #scaled(exponent: number): number {
    if (this.#digits > 0) return Number.NaN
    return decimalQuotient(this.#head, this.#tailDigits, this.#tail, -exponent)
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
