import { LEAST_POWER, MOST_POWER, NUMBERS, POWERS_OF_TEN, RESULTS, TENS, TEXT } from '../src/core/kernels/layout'

/** A number of more significant digits, which may not fit into 64 bits, is not of the usual kind. */
export const MAX_DIGITS = 19
export const MOST: u64 = 9_999_999_999_999_999_999
export const LAST_DIGITS = 20
export const MAX_EXPONENT = 999

/**
 * Reads the numbers of a list from the byte `start` of the text on, as far as they are of the usual kind, into NUMBERS.
 *
 * Between two of them is a comma, with spaces or tabs. No number is read that begins at `startEnd` or later, or ends
 * behind `end`. Returns how many were read. Result: the byte behind the last of them.
 */
export function readNumbers(start: i32, startEnd: i32, end: i32): i32 {
  let at: usize = TEXT + start
  let done = at
  let out: usize = NUMBERS
  while (at < <usize>(TEXT + startEnd)) {
    at = readNumber(at, out)
    if (at === 0 || at > <usize>(TEXT + end)) break
    out += 8
    done = at
    if (load<u16>(at) === COMMA_SPACE) {
      at += 2
    } else {
      at = skipSpace(at)
      if (load<u8>(at) !== COMMA) break
      at++
    }
    at = skipSpace(at)
  }
  store<f64>(RESULTS, <f64>(done - TEXT))
  return <i32>(out - NUMBERS) >> 3
}

function skipSpace(at: usize): usize {
  while (load<u8>(at) === SPACE || load<u8>(at) === TAB) at++
  return at
}

/** Puts the number at `at`, correctly rounded, at `out`, and returns where it ends; 0 if it is not of the usual kind. */
function readNumber(at: usize, out: usize): usize {
  let isNegative = false
  let whole: u64 = 0
  let digits = 0
  if (load<u16>(at) === ZERO_DOT) {
    at++
  } else {
    isNegative = load<u8>(at) === MINUS
    if (isNegative) at++
    const first = at
    let digit = digitAt(at)
    if (digit > 9) return 0
    for (; digit <= 9; digit = digitAt(++at)) whole = whole * 10 + digit
    digits = <i32>(at - first)
    if (load<u8>(first) === ZERO) {
      if (digits > 1) return 0
      digits = 0
    }
  }

  let power = 0
  if (load<u8>(at) === DOT) {
    const codes = i8x16.sub(v128.load(++at), v128.load(ZERO_BYTES))
    const more = i8x16.sub(v128.load(at, 16), v128.load(ZERO_BYTES))
    const length = ctz(nonDigits(codes) | (nonDigits(more) << 16))
    if (length === 0 || length === 32) return 0
    if (length > LAST_DIGITS && leadingZeros(codes) < length - LAST_DIGITS) return 0
    at += <usize>length
    const fraction = lastDigits(at, length)
    if (fraction > MOST) return 0
    if (digits > 0) {
      digits += length
      if (digits <= MAX_DIGITS) whole *= load<u64>(TENS + (length << 3))
    }
    whole += fraction
    power = -length
  }
  if (digits > MAX_DIGITS) return 0

  if ((load<u8>(at) | LOWER) === LETTER_E) {
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
  let bits: u64 = 0
  if (whole !== 0) {
    if (<u32>(power - LEAST_POWER) > <u32>(MOST_POWER - LEAST_POWER)) return 0
    bits = bitsOf(whole, power)
  }
  store<u64>(out, bits | (u64(isNegative) << 63))
  return at
}

export function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30
}

/** A bit for each of 16 bytes, less '0' each, that is no digit. */
export function nonDigits(codes: v128): i32 {
  return i8x16.bitmask(i8x16.ge_u(codes, v128.load(TEN_BYTES)))
}

/** How many of 16 bytes, less '0' each, are 0 before the first that is not. */
export function leadingZeros(codes: v128): i32 {
  return ctz(~i8x16.bitmask(i8x16.eq(codes, i64x2.splat(0))))
}

/** The number that the last twenty of `count` digits before `end` make; more than MOST if it has more than 19 itself. */
export function lastDigits(end: usize, count: i32): u64 {
  const masks = MASKS + count
  // The first digit is in the lowest byte: digits become pairs, pairs fours, and those eights.
  const digits = v128.and(v128.xor(v128.load(end - 16), v128.load(ZERO_BYTES)), v128.load(masks, 8))
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(TENS_AND_ONES)), 8)
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS_AND_ONES))
  const packed = i16x8.narrow_i32x4_u(fours, fours)
  const eights = u64(i64x2.extract_lane(i32x4.dot_i16x8_s(packed, v128.load(MYRIADS_AND_ONES)), 0))

  const before = (load<u32>(end - 20) ^ ZEROS) & load<u32>(masks, 4)
  const pairsBefore = before * 10 + (before >> 8)
  const fourBefore = (pairsBefore & 0xff) * 100 + ((pairsBefore >> 16) & 0xff)
  if (fourBefore > 999) return u64.MAX_VALUE
  return (<u64>fourBefore * 100_000_000 + (eights & 0xffffffff)) * 100_000_000 + (eights >> 32)
}

/**
 * The bits of the double nearest to whole · 10^power, for whole > 0.
 *
 * D. Lemire, "Number parsing at a gigabyte per second" (2021), with the proof that 128 bits of the power are always
 * enough by N. Mushtak and D. Lemire, "Fast number parsing without fallback" (2022).
 */
export function bitsOf(whole: u64, power: i32): u64 {
  const leading = clz(whole)
  const scaled = whole << leading
  const entry = POWERS_OF_TEN + ((power - LEAST_POWER) << 4)
  const factor = load<u64>(entry)
  let high = upperProduct(scaled, factor)
  let low = scaled * factor
  if ((high & 0x1ff) === 0x1ff) {
    const correction = upperProduct(scaled, load<u64>(entry + 8))
    low += correction
    if (low < correction) high++
  }
  const upperBit = high >> 63
  const shift = upperBit + 9
  let significand = high >> shift
  // Exactly between two doubles, which only these powers make possible.
  if (low <= 1 && power >= -4 && power <= 23 && (significand & 3) === 1 && significand << shift === high) significand--
  significand += significand & 1
  significand >>= 1
  // ⌊log₂ 10^power⌋ by a multiplication. A significand that was rounded up to 2⁵³ carries into the exponent.
  const exponent = <i64>((217706 * power) >> 16) + 1086 + <i64>upperBit - <i64>leading
  return significand + ((<u64>(exponent - 1)) << 52)
}

/** The upper 64 bits of a product of 128. */
function upperProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff
  const aHigh = a >> 32
  const bLow = b & 0xffffffff
  const bHigh = b >> 32
  const first = ((aLow * bLow) >> 32) + aLow * bHigh
  const second = (first & 0xffffffff) + aHigh * bLow
  return aHigh * bHigh + (first >> 32) + (second >> 32)
}

const ZEROS: u32 = 0x30303030
export const ZERO_BYTES = memory.data<u64>([0x3030303030303030, 0x3030303030303030], 16)
const TEN_BYTES = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
/** What a digit and the one after it are multiplied with, to be found in the upper byte of their sum. */
const TENS_AND_ONES = memory.data<u16>([2561, 2561, 2561, 2561, 2561, 2561, 2561, 2561], 16)
const HUNDREDS_AND_ONES = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1], 16)
const MYRIADS_AND_ONES = memory.data<u16>([10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1], 16)
/** From byte n on, 24 bytes of which the last n are set. */
const MASKS = memory.data<u64>([0, 0, 0, -1, -1, -1, -1], 16)
const TAB: u8 = 0x09
const SPACE: u8 = 0x20
export const PLUS: u8 = 0x2b
const COMMA: u8 = 0x2c
const COMMA_SPACE: u16 = 0x202c
export const MINUS: u8 = 0x2d
export const DOT: u8 = 0x2e
export const ZERO: u8 = 0x30
const ZERO_DOT: u16 = 0x2e30
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
export const LOWER: u8 = 0x20
export const LETTER_E: u8 = 0x65
