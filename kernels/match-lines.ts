import {
  BAR_PART,
  BLANKS_PART,
  CLOCK_PART,
  END_PART,
  HAS_EXPONENT,
  HAS_MINUS,
  IS_DECIMAL,
  IS_INTEGER,
  IS_OF_WIDTH,
  LEAST_POWER,
  MAY_BE_ZERO,
  MOST_POWER,
  NUMBERS,
  SHAPE,
  SPANS,
  TENS,
  TEXT,
  WORDS_PART,
} from '../src/core/kernels/layout'
import {
  bitsOf,
  DOT,
  digitAt,
  LAST_DIGITS,
  LETTER_E,
  LOWER,
  lastDigits,
  leadingZeros,
  MAX_DIGITS,
  MAX_EXPONENT,
  MINUS,
  MOST,
  nonDigits,
  PLUS,
  ZERO,
  ZERO_BYTES,
} from './numbers'

/** A whole number of more digits, or what stands before a point, is not of the usual kind. */
const MOST_WHOLE_DIGITS = 15
const PART_BYTES = 16
const BLANK: u8 = 0x20
const HASH: u8 = 0x23
/** The first two bytes of U+2580 to U+259F in UTF-8. */
const BLOCK_ELEMENT: u16 = 0x96e2
const DIGITS_BYTES = 12

/**
 * Matches `count` lines of the text with the shape in SHAPE, one after another up to the first that is not of it, or has a
 * number that is not of the usual kind. Where each begins and ends stands in SPANS, as offsets from which `base` is taken.
 *
 * Returns how many are of the shape. Their numbers are written to NUMBERS, line by line, and where the time of a line begins, as
 * an offset in the text, in place of where the line began. Each part of a shape is 16 bytes: its kind, a length or flags, and
 * two counts. Behind them are the words, padded to 16 bytes; or the bounds of a number as doubles: the least and the most of a
 * whole one, what any other is below, and how many digits a whole one has with zeros before it. Of a clock the counts say how
 * many digits are bounded, and whether it is the time; behind its words each of these has its place, its least and its most.
 * What a part may be `LineMatcher` says, which is the slow way to do the same.
 */
export function matchLines(count: i32, base: i32): i32 {
  let out: usize = NUMBERS
  for (let line = 0; line < count; line++) {
    const span: usize = SPANS + (line << 3)
    const end: usize = TEXT + load<i32>(span, 4) - base
    let at: usize = TEXT + load<i32>(span) - base
    let part: usize = SHAPE
    for (let kind = load<u32>(part); kind !== END_PART; kind = load<u32>(part)) {
      const body = part + PART_BYTES
      if (kind === WORDS_PART) {
        const length = load<u32>(part, 4)
        at = wordsEnd(at, body, length)
        part = body + ((length + 15) & ~15)
      } else if (kind === BLANKS_PART) {
        at = blanksEnd(at)
        part = body
      } else if (kind === BAR_PART) {
        at = barEnd(at)
        part = body
      } else if (kind === CLOCK_PART) {
        const length = load<i32>(part, 4)
        const bounded = load<i32>(part, 8)
        const bounds = body + ((length + 15) & ~15)
        if (load<u32>(part, 12)) store<i32>(span, <i32>(at - TEXT))
        at = clockEnd(at, body, length, bounds, bounded)
        part = bounds + ((bounded * DIGITS_BYTES + 15) & ~15)
      } else {
        at = numberEnd(at, part, out)
        out += 8
        part = body + 32
      }
      if (at === 0 || at > end) return line
    }
    if (at !== end) return line
  }
  return count
}

function wordsEnd(at: usize, words: usize, length: i32): usize {
  for (let done = 0; done < length; done += 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(at + done), v128.load(words + done)))
    const wanted = length - done >= 16 ? 0xffff : (1 << (length - done)) - 1
    if ((same & wanted) !== wanted) return 0
  }
  return at + length
}

function blanksEnd(start: usize): usize {
  let at = start
  while (load<u8>(at) === BLANK) at++
  return at - start < 2 ? 0 : at
}

function barEnd(start: usize): usize {
  let at = start
  for (let length = barBytes(at); length > 0; length = barBytes(at)) at += length
  return at === start ? 0 : at
}

/** How many bytes the sign has that stands at a place of a bar: a blank, a `#`, a digit or a block element; 0 for none. */
function barBytes(at: usize): usize {
  const byte = load<u8>(at)
  if (byte === BLANK || byte === HASH || digitAt(at) <= 9) return 1
  return load<u16>(at) === BLOCK_ELEMENT && (load<u8>(at, 2) & 0xe0) === 0x80 ? 3 : 0
}

/** The same but for its digits, some of which have bounds. */
function clockEnd(at: usize, like: usize, length: i32, bounds: usize, bounded: i32): usize {
  for (let index = 0; index < length; index++) {
    if (load<u8>(at + index) !== load<u8>(like + index) && (digitAt(like + index) > 9 || digitAt(at + index) > 9))
      return 0
  }
  for (let each = 0; each < bounded; each++) {
    const bound = bounds + each * DIGITS_BYTES
    const digits = at + load<i32>(bound)
    const value = 10 * <i32>digitAt(digits) + <i32>digitAt(digits + 1)
    if (value < load<i32>(bound, 4) || value > load<i32>(bound, 8)) return 0
  }
  return at + length
}

/** Puts the number at `start` at `out`, correctly rounded, and returns where it ends; 0 if it may not stand there. */
function numberEnd(start: usize, part: usize, out: usize): usize {
  const flags = load<u32>(part, 4)
  let at = start
  const isNegative = load<u8>(at) === MINUS
  if (isNegative) {
    if (!(flags & HAS_MINUS)) return 0
    at++
  }
  const first = at
  let digits: u64 = 0
  for (let digit = digitAt(at); digit <= 9; digit = digitAt(++at)) digits = digits * 10 + digit
  const whole = <i32>(at - first)
  if (whole === 0 || whole > MOST_WHOLE_DIGITS) return 0
  const hasZero = whole > 1 && load<u8>(first) === ZERO

  let power = 0
  const isDecimal = load<u8>(at) === DOT
  if (isDecimal) {
    const codes = i8x16.sub(v128.load(++at), v128.load(ZERO_BYTES))
    const more = i8x16.sub(v128.load(at, 16), v128.load(ZERO_BYTES))
    const length = ctz(nonDigits(codes) | (nonDigits(more) << 16))
    if (length === 0 || length === 32) return 0
    if (length > LAST_DIGITS && leadingZeros(codes) < length - LAST_DIGITS) return 0
    at += <usize>length
    const fraction = lastDigits(at, length)
    if (fraction > MOST) return 0
    if (digits > 0) {
      if (whole + length > MAX_DIGITS) return 0
      digits *= load<u64>(TENS + (length << 3))
    }
    digits += fraction
    power = -length
  }

  const hasExponent = (load<u8>(at) | LOWER) === LETTER_E
  if (hasExponent) {
    const sign = load<u8>(++at)
    if (sign === MINUS || sign === PLUS) at++
    let digit = digitAt(at)
    if (digit > 9) return 0
    let exponent = 0
    for (; digit <= 9; digit = digitAt(++at)) {
      exponent = exponent * 10 + digit
      if (exponent > MAX_EXPONENT) return 0
    }
    power += sign === MINUS ? -exponent : exponent
  }

  let value = <f64>digits
  if (!isDecimal && !hasExponent) {
    if (!(flags & IS_INTEGER) || value < load<f64>(part, 16) || value > load<f64>(part, 24)) return 0
    if ((hasZero || flags & IS_OF_WIDTH) && <f64>whole !== load<f64>(part, 40)) return 0
  } else {
    if (!(flags & (hasExponent ? HAS_EXPONENT : IS_DECIMAL)) || hasZero) return 0
    if (whole < load<i32>(part, 8) || whole > load<i32>(part, 12)) return 0
    if (digits !== 0) {
      if (<u32>(power - LEAST_POWER) > <u32>(MOST_POWER - LEAST_POWER)) return 0
      value = reinterpret<f64>(bitsOf(digits, power))
    }
    if (!(value < load<f64>(part, 32))) return 0
  }
  if (value === 0 && (isNegative || hasExponent || (isDecimal && !(flags & MAY_BE_ZERO)))) return 0
  store<f64>(out, isNegative ? -value : value)
  return at
}
