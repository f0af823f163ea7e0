import { LEAST_POWER, MOST_POWER, NUMBERS, POWERS_OF_TEN, RESULTS, TENS, TEXT } from '../src/core/kernels/layout'

/** A number of more significant digits, which may not fit into 64 bits, is not of the usual kind. */
const MAX_DIGITS = 19
const MAX_EXPONENT = 999

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
  const isNegative = load<u8>(at) === MINUS
  if (isNegative) at++
  let digit = digitAt(at)
  if (digit > 9) return 0
  let digits = 0
  let whole: u64 = 0
  if (digit === 0) {
    at++
    if (digitAt(at) <= 9) return 0
  } else {
    const first = at
    for (; digit <= 9; digit = digitAt(++at)) whole = whole * 10 + digit
    digits = <i32>(at - first)
  }

  let power = 0
  if (load<u8>(at) === DOT) {
    const first = i8x16.sub(v128.load(++at), v128.load(ZERO_BYTES))
    const second = i8x16.sub(v128.load(at, 16), v128.load(ZERO_BYTES))
    const length = ctz(nonDigits(first) | (nonDigits(second) << 16))
    if (length === 0 || length === 32) return 0
    digits += length
    if (whole === 0) digits -= min<i32>(length, ctz(~zeros(first)))
    else if (digits <= MAX_DIGITS) whole *= load<u64>(TENS + (length << 3))
    at += <usize>length
    whole += lastDigits(at, length)
    power = -length
  }
  if (digits > MAX_DIGITS) return 0

  if ((load<u8>(at) | LOWER) === LETTER_E) {
    const sign = load<u8>(++at)
    if (sign === MINUS || sign === PLUS) at++
    digit = digitAt(at)
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

function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30
}

/** A bit for each of 16 bytes, less '0' each, that is no digit. */
function nonDigits(codes: v128): i32 {
  return i8x16.bitmask(i8x16.ge_u(codes, v128.load(TEN_BYTES)))
}

/** A bit for each that is '0'. */
function zeros(codes: v128): i32 {
  return i8x16.bitmask(i8x16.eq(codes, i64x2.splat(0)))
}

/** The number that the `count` digits before `end` make, of which all but the last 19 are zeros. */
function lastDigits(end: usize, count: i32): u64 {
  const masks = MASKS + count
  const low = (load<u64>(end - 8) ^ ZEROS) & load<u64>(masks, 16)
  const middle = (load<u64>(end - 16) ^ ZEROS) & load<u64>(masks, 8)
  const high = ((load<u64>(end - 24) ^ ZEROS) & load<u64>(masks)) >> 32
  const pairs = high * 10 + (high >> 8)
  const highest = (pairs & 0xff) * 100 + ((pairs >> 16) & 0xff)
  return (highest * 100_000_000 + eightDigits(middle)) * 100_000_000 + eightDigits(low)
}

/** The number that eight bytes of one digit each make, the first in the lowest byte: pairs, fours, and the whole. */
function eightDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8)
  const upper = (pairs & 0x000000ff000000ff) * 0x000f424000000064
  const lower = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001
  return (upper + lower) >> 32
}

/**
 * The bits of the double nearest to whole · 10^power, for whole > 0.
 *
 * D. Lemire, "Number parsing at a gigabyte per second" (2021), with the proof that 128 bits of the power are always
 * enough by N. Mushtak and D. Lemire, "Fast number parsing without fallback" (2022).
 */
function bitsOf(whole: u64, power: i32): u64 {
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

const ZEROS: u64 = 0x3030303030303030
const ZERO_BYTES = memory.data<u64>([0x3030303030303030, 0x3030303030303030], 16)
const TEN_BYTES = memory.data<u64>([0x0a0a0a0a0a0a0a0a, 0x0a0a0a0a0a0a0a0a], 16)
/** From byte n on, 24 bytes of which the last n are set. */
const MASKS = memory.data<u64>([0, 0, 0, -1, -1, -1, -1], 16)
const TAB: u8 = 0x09
const SPACE: u8 = 0x20
const PLUS: u8 = 0x2b
const COMMA: u8 = 0x2c
const COMMA_SPACE: u16 = 0x202c
const MINUS: u8 = 0x2d
const DOT: u8 = 0x2e
/** Sets the bit that tells a lower-case ASCII letter from its capital. */
const LOWER: u8 = 0x20
const LETTER_E: u8 = 0x65
