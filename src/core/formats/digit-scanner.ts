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
  /** Behind the number last read; where it should have begun when it is of another kind. */
  end = 0

  /** The number at `start`, correctly rounded. A zero byte must follow what `bytes` holds. */
  read(bytes: Uint8Array, start: number): number {
    this.end = start
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
    if (at === first || (bytes[first] === ZERO && digits > 1)) return Number.NaN

    let fraction = 0
    if (digit === DOT - ZERO) {
      fraction = at + 1
      digit = bytes[++at]! - ZERO
      if (head === 0) {
        digits = 0
        while (digit === 0) digit = bytes[++at]! - ZERO
      }
      for (; digit >= 0 && digit <= 9 && digits < PART_DIGITS; digit = bytes[++at]! - ZERO) {
        head = head * 10 + digit
        digits += 1
      }
    }
    let tail = 0
    const tailStart = at
    for (; digit >= 0 && digit <= 9 && at - tailStart < PART_DIGITS; digit = bytes[++at]! - ZERO) {
      tail = tail * 10 + digit
    }
    const tailDigits = at - tailStart
    if (at === fraction || (digit >= 0 && digit <= 9) || (fraction === 0 && tailDigits > 0)) return Number.NaN

    let places = fraction === 0 ? 0 : at - fraction
    if ((bytes[at]! | LOWER) === LETTER_E) {
      const sign = bytes[at + 1]
      const exponentStart = sign === MINUS || sign === PLUS ? at + 2 : at + 1
      at = exponentStart
      let exponent = 0
      for (digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) {
        exponent = Math.min(exponent * 10 + digit, 9999)
      }
      if (at === exponentStart) return Number.NaN
      places += sign === MINUS ? exponent : -exponent
    }
    const size = decimalQuotient(head, tailDigits, tail, places)
    if (!Number.isNaN(size)) this.end = at
    return isNegative ? -size : size
  }
}

const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER = 0x20
const LETTER_E = 0x65
