import { decimalQuotient } from './exact-quotient.ts'

/** As many digits make a whole number that 32-bit arithmetic holds. */
const PART_DIGITS = 9

/**
 * Reads decimal numbers out of bytes, as long as they are of the usual kind: at most 18 digits that count.
 *
 * Ten times as fast as reading characters of a string, of which a batch of
 * predictions has millions. All else, such as `NaN`, is left to `JsonNumberReader`.
 */
export class DigitScanner {
  /** Behind the number last read. */
  end = 0

  readonly #bytes: Uint8Array
  readonly #view: DataView

  /** Four bytes that are no digits must follow what is read of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Puts the number at `start`, correctly rounded, into `values`, and tells whether it is of the usual kind. */
  read(start: number, values: Float64Array, index: number): boolean {
    const bytes = this.#bytes
    const view = this.#view
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    let at = first
    let head = 0
    let digits = 0
    let digit = bytes[at]! - ZERO
    for (; digit >= 0 && digit <= 9 && digits < PART_DIGITS; digit = bytes[++at]! - ZERO) {
      head = head * 10 + digit
      digits += 1
    }
    if (at === first || (bytes[first] === ZERO && digits > 1)) return false

    let fraction = 0
    if (digit === DOT - ZERO) {
      fraction = at + 1
      digit = bytes[++at]! - ZERO
      if (head === 0) {
        digits = 0
        while (digit === 0) digit = bytes[++at]! - ZERO
      }
      for (; digits <= PART_DIGITS - 4; digits += 4, at += 4) {
        const four = fourDigits(view, at)
        if (four < 0) break
        head = head * 10_000 + four
      }
      digit = bytes[at]! - ZERO
      for (; digit >= 0 && digit <= 9 && digits < PART_DIGITS; digit = bytes[++at]! - ZERO) {
        head = head * 10 + digit
        digits += 1
      }
    }
    let tail = 0
    const tailStart = at
    if (digits === PART_DIGITS) {
      for (let four = fourDigits(view, at); four >= 0 && at - tailStart < 8; four = fourDigits(view, at)) {
        tail = tail * 10_000 + four
        at += 4
      }
      digit = bytes[at]! - ZERO
    }
    for (; digit >= 0 && digit <= 9 && at - tailStart < PART_DIGITS; digit = bytes[++at]! - ZERO) {
      tail = tail * 10 + digit
    }
    const tailDigits = at - tailStart
    if (at === fraction || (digit >= 0 && digit <= 9) || (fraction === 0 && tailDigits > 0)) return false

    let places = fraction === 0 ? 0 : at - fraction
    if ((bytes[at]! | LOWER) === LETTER_E) {
      const sign = bytes[at + 1]
      const exponentStart = sign === MINUS || sign === PLUS ? at + 2 : at + 1
      at = exponentStart
      let exponent = 0
      for (digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        exponent = Math.min(exponent * 10 + digit, 9999)
      }
      if (at === exponentStart) return false
      places += sign === MINUS ? exponent : -exponent
    }
    const size = decimalQuotient(head, tailDigits, tail, places)
    if (Number.isNaN(size)) return false
    // Returned, it would have to be put on the heap first.
    values[index] = isNegative ? -size : size
    this.end = at
    return true
  }
}

/**
 * The number that the four digits at `at` make, or −1 where there are fewer.
 *
 * All four are handled in one 32-bit number, the first in its lowest byte: first
 * the digits become pairs, then the pairs one number.
 */
function fourDigits(view: DataView, at: number): number {
  const four = view.getInt32(at, true)
  // A digit is 0x30 to 0x39: its upper half is 3, and still is when 6 is added.
  const upperHalves = (four & 0xf0f0f0f0) | (((four + 0x06060606) & 0xf0f0f0f0) >>> 4)
  if (upperHalves !== 0x33333333) return -1
  const values = four - 0x30303030
  const pairs = (values * 10 + (values >> 8)) & 0x00ff00ff
  return (pairs & 0xff) * 100 + (pairs >> 16)
}

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
