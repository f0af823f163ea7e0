import { decimalQuotient } from '../literals/exact-quotient.ts'
import type { ClockDigits } from './minute-clock.ts'
import { isOnClock } from './minute-clock.ts'

/** Which numbers may stand at a place of a line, so that it reads as the line did that taught the template. */
export interface NumberSlot {
  readonly isInteger: boolean
  readonly isDecimal: boolean
  readonly hasExponent: boolean
  readonly hasMinus: boolean
  /** Whether a number with a point may be 0. */
  readonly mayBeZero: boolean
  /** Of a whole number. */
  readonly least: number
  readonly most: number
  /** Zeros may stand before a whole number of so many digits; 0 for none. */
  readonly paddedDigits: number
  /** Whether all whole numbers have so many digits. */
  readonly isOfWidth: boolean
  /** How many digits another number has before its point. */
  readonly leastDigits: number
  readonly mostDigits: number
  /** What such a number is less than, whatever its exponent. */
  readonly below: number
}

/** What a part of a line must be. */
export type LinePart =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'number'; readonly slot: NumberSlot }
  | { readonly kind: 'blanks' }
  | { readonly kind: 'bar' }
  /** The same but for its digits, which are those of a clock. */
  | { readonly kind: 'clock'; readonly like: string; readonly digits: readonly ClockDigits[] }

/** A line of more parts is left to the reader. */
export const MAX_PARTS = 512
/** Below it a double holds one digit more, whatever that is. */
const MOST_HEAD = 1e14
const MOST_TAIL_DIGITS = 9
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/**
 * What the lines of one shape have in common, to be compared with their bytes.
 *
 * Where the parts of a line are is kept until it looks at another one.
 */
export class LineMatcher {
  readonly parts: readonly LinePart[]
  /** How many of the parts are numbers. */
  readonly numbers: number
  /** The number of each part among those that are numbers; −1 for another one. */
  readonly #numberOf: Int32Array
  readonly #words: readonly Uint8Array[]
  /** Where each part begins, and where the last one ends. */
  readonly #starts: Int32Array

  constructor(parts: readonly LinePart[]) {
    let numbers = 0
    this.parts = parts
    this.#numberOf = Int32Array.from(parts, ({ kind }) => (kind === 'number' ? numbers++ : -1))
    this.numbers = numbers
    this.#words = parts.map((part) => Buffer.from(wordsOf(part)))
    this.#starts = new Int32Array(parts.length + 1)
  }

  /**
   * Whether the bytes of a line, behind which stands what ends it or nothing, have this shape. The values of its numbers are
   * written from `first` on.
   */
  matches(bytes: Uint8Array, start: number, end: number, values: Float64Array, first: number): boolean {
    const { parts } = this
    let at = start
    for (let index = 0; index < parts.length; index++) {
      this.#starts[index] = at
      const part = parts[index]!
      switch (part.kind) {
        case 'words':
          at = wordsEnd(bytes, at, this.#words[index]!)
          break
        case 'number':
          at = numberEnd(bytes, at, part.slot, values, first + this.#numberOf[index]!)
          break
        case 'blanks':
          at = blanksEnd(bytes, at)
          break
        case 'bar':
          at = barEnd(bytes, at)
          break
        case 'clock':
          at = clockEnd(bytes, at, this.#words[index]!, part.digits)
      }
      if (at < 0) return false
    }
    this.#starts[parts.length] = at
    return at === end
  }

  /** Where a part of the line that was matched last begins; of one behind the last, where the line ends. */
  startOf(part: number): number {
    return this.#starts[part]!
  }

  /** How many bytes a part has that is the same in every line, but for its digits. */
  lengthOf(part: number): number {
    return this.#words[part]!.length
  }

  /** Which of the numbers a part is. */
  numberOf(part: number): number {
    return this.#numberOf[part]!
  }
}

/** The end of the number that begins here and may stand here, whose value is kept; −1 where none does. */
function numberEnd(bytes: Uint8Array, start: number, slot: NumberSlot, values: Float64Array, index: number): number {
  let at = start
  const isNegative = bytes[at]! === MINUS
  if (isNegative) {
    if (!slot.hasMinus) return -1
    at++
  }
  const first = at
  // Its first fifteen digits, and the others.
  let head = 0
  let tail = 0
  let tailDigits = 0
  let point = -1
  for (; ; at++) {
    const code = bytes[at]!
    if (code === DOT && point < 0) point = at
    else if (!(code >= ZERO && code <= ZERO + 9)) break
    else if (head < MOST_HEAD) head = head * 10 + (code - ZERO)
    else {
      tail = tail * 10 + (code - ZERO)
      tailDigits++
    }
  }
  const isDecimal = point >= 0
  const whole = (isDecimal ? point : at) - first
  const decimals = isDecimal ? at - point - 1 : 0
  if (whole === 0 || (isDecimal && decimals === 0)) return -1
  let exponent = 0
  const hasExponent = (bytes[at]! | LOWER) === LETTER_E
  if (hasExponent) {
    const sign = bytes[++at]
    if (sign === MINUS || sign === PLUS) at++
    const power = at
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, ++at)) exponent = exponent * 10 + digit
    if (at === power) return -1
    if (sign === MINUS) exponent = -exponent
  }
  const hasZero = whole > 1 && bytes[first] === ZERO
  let value = head
  if (!isDecimal && !hasExponent) {
    const isFit = slot.isInteger && tailDigits === 0 && head >= slot.least && head <= slot.most
    if (!isFit || ((hasZero || slot.isOfWidth) && whole !== slot.paddedDigits)) return -1
  } else {
    if (hasExponent ? !slot.hasExponent : !slot.isDecimal) return -1
    if (whole < slot.leastDigits || whole > slot.mostDigits || hasZero) return -1
    const places = decimals - exponent
    if (tailDigits === 0 && places >= 0 && places < POWERS.length) value = head / POWERS[places]!
    else value = tailDigits <= MOST_TAIL_DIGITS ? decimalQuotient(head, tailDigits, tail, places) : Number.NaN
    // It says so where it is too close to call.
    if (Number.isNaN(value)) value = Number(textOf(bytes, first, at))
    if (!(value < slot.below)) return -1
  }
  if (value === 0 && (isNegative || hasExponent || (isDecimal && !slot.mayBeZero))) return -1
  values[index] = isNegative ? -value : value
  return at
}

/** What stands in every line of the shape; of a clock what stands in one. */
function wordsOf(part: LinePart): string {
  return part.kind === 'words' ? part.words : part.kind === 'clock' ? part.like : ''
}

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', start, end)
}

/** −1 for no digit. */
function digitAt(bytes: Uint8Array, at: number): number {
  const digit = bytes[at]! - ZERO
  return digit >= 0 && digit <= 9 ? digit : -1
}

function wordsEnd(bytes: Uint8Array, at: number, words: Uint8Array): number {
  for (let index = 0; index < words.length; index++) if (bytes[at + index] !== words[index]) return -1
  return at + words.length
}

/** Two blanks or more part names: so many are the same. */
function blanksEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === BLANK) at++
  return at - start < 2 ? -1 : at
}

function barEnd(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const byte = bytes[at]!
    if (byte === BLANK || byte === HASH || (byte >= ZERO && byte <= ZERO + 9)) at++
    else if (isBlockElement(bytes, at)) at += BLOCK_BYTES
    else return at === start ? -1 : at
  }
}

/** U+2580 to U+259F in UTF-8. */
function isBlockElement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2]! >= 0x80 && bytes[at + 2]! <= 0x9f
}

function clockEnd(bytes: Uint8Array, start: number, like: Uint8Array, digits: readonly ClockDigits[]): number {
  for (let index = 0; index < like.length; index++) {
    const isSame = bytes[start + index] === like[index]
    if (!isSame && (digitAt(like, index) < 0 || digitAt(bytes, start + index) < 0)) return -1
  }
  return isOnClock(bytes, start, digits) ? start + like.length : -1
}

const BLOCK_BYTES = 3
const BLANK = 0x20
const HASH = 0x23
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const LETTER_E = 0x65
const LOWER = 0x20
