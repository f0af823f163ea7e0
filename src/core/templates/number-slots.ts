import type { NumberSlot } from './line-matcher.ts'

/** Whole numbers between which readers draw a line: of counts, clocks, dates, ranks and percents. */
const WHOLE = [
  0, 1, 2, 5, 9, 10, 11, 12, 13, 23, 24, 31, 32, 59, 60, 61, 97, 99, 100, 101, 255, 365, 512, 999, 1000, 1023, 1024,
  2026, 4321, 9999, 10_000, 65_536, 98_765, 100_000, 543_210, 999_999, 1_000_000, 7_654_321, 99_999_999, 123_456_789,
  999_999_999,
]
const FEW_WHOLE = [0, 1, 2, 7, 12, 100, 860_000]
/** One with each number of digits before the point. */
const BY_DIGITS = ['7.5', '83.25', '912.125', '1234.5', '56789.25', '123456.75', '7654321.5']
const DECIMALS = ['0.1', '0.000001', '1.00', '0.12345678901234567', '2.5']
const EXPONENTS = ['3.5e-05', '1.25e+03', '2e-07', '4.5E2', '1e-3', '9.87654321e-01']
/** Times since 1970, in any unit by their first digits, up to the year 2033 and later. */
const TIMES = ['1234567890123456789', '1999999999999999999', '1700000000000000000']
const LATE_TIMES = ['9876543210987654321', '2100000000000000000']
const ZEROS = ['0.0', '0.0000']

/** Whether a line reads as it should with another number in place of one. */
type IsRead = (number: string) => boolean

/**
 * Which numbers may stand in place of one, by what becomes of the line with others; null where none may. `others` are the
 * numbers that it may be compared with.
 */
export function slotFor(number: string, others: readonly number[], isRead: IsRead): NumberSlot | null {
  const own = Number(number)
  const isWhole = /^-?\d+$/.test(number)
  const { least, most } = isWhole ? rangeAround(own, others, isRead) : rangeOfFew(isRead)
  const isInteger = least <= most
  const areRead = (numbers: readonly string[]) => numbers.every(isRead)
  const mostDigits = areRead(DECIMALS) ? countOf(BY_DIGITS, isRead) : 0
  const isDecimal = mostDigits > 0
  const hasExponent = isDecimal && areRead(EXPONENTS)
  const digits = number.length
  const padded =
    isWhole && digits > 1 && isRead('7'.padStart(digits, '0')) && isRead('12'.padStart(digits, '0').slice(-digits))
  const negative = [
    ...(isInteger ? ['-3', '-41'] : []),
    ...(isDecimal ? ['-0.25', '-12.5'] : []),
    ...(hasExponent ? ['-3.5e-05'] : []),
  ]
  const slot: NumberSlot = {
    isInteger,
    isDecimal,
    hasExponent,
    hasMinus: negative.length > 0 && areRead(negative),
    mayBeZero: isDecimal && areRead(ZEROS),
    least,
    most,
    paddedDigits: padded ? digits : 0,
    isOfWidth: false,
    leastDigits: 1,
    mostDigits,
    below: 10 ** mostDigits,
  }
  return isInSlot(number, slot) ? slot : null
}

/** The same of a number of seconds, or of thousandths of one, since 1970: with as many digits. */
export function slotForTime(number: string, _others: readonly number[], isReadAs: IsRead): NumberSlot | null {
  const [whole = '', fraction] = number.split('.')
  const digits = whole.length
  const isRead = (numbers: readonly string[]) =>
    numbers.map((all) => all.slice(0, digits)).every((all) => isReadAs(fraction === undefined ? all : `${all}.25`))
  if (!/^\d+(?:\.\d+)?$/.test(number) || digits > 15 || !isRead(TIMES)) return null
  // What stands before a line is a time only where it is one of our days.
  const below = (isRead(LATE_TIMES) ? 10 : 2) * 10 ** (digits - 1)
  const isDecimal = fraction !== undefined
  return {
    isInteger: !isDecimal,
    isDecimal,
    hasExponent: false,
    hasMinus: false,
    mayBeZero: false,
    least: 10 ** (digits - 1),
    most: below - 1,
    paddedDigits: 0,
    isOfWidth: false,
    leastDigits: digits,
    mostDigits: digits,
    below,
  }
}

/**
 * The same of a number that is one of a group, as in `12:30:05` or `2026-03-05`, and feeds nothing: with other digits the
 * group may be a time that it was not.
 */
export function slotInGroup(number: string, others: readonly number[], isRead: IsRead): NumberSlot | null {
  const slot = slotFor(number, others, isRead)
  if (slot === null || !/^\d+(?:\.\d+)?$/.test(number)) return null
  const digits = number.split('.')[0]!.length
  const isInteger = /^\d+$/.test(number)
  const mayBePadded = slot.paddedDigits > 0
  return {
    ...slot,
    isInteger,
    isDecimal: !isInteger,
    hasExponent: false,
    hasMinus: false,
    least: Math.max(slot.least, mayBePadded || digits === 1 ? 0 : 10 ** (digits - 1)),
    most: Math.min(slot.most, 10 ** digits - 1),
    leastDigits: digits,
    mostDigits: digits,
    isOfWidth: mayBePadded,
  }
}

/** A number that may stand there. `draw` gives a number from 0 up to 1. */
export function exampleOf(slot: NumberSlot, draw: () => number): string {
  const {
    isInteger,
    isDecimal,
    hasExponent,
    hasMinus,
    least,
    most,
    paddedDigits,
    isOfWidth,
    leastDigits,
    mostDigits,
    below,
  } = slot
  const sign = hasMinus && draw() < 0.2 ? '-' : ''
  if (isInteger && (!isDecimal || draw() < 0.3)) {
    const value = Math.floor(least + (most - least) * draw() ** (draw() < 0.5 ? 1 : 6))
    if (isOfWidth) return String(value).padStart(paddedDigits, '0')
    return value === 0 ? '0' : `${sign}${value}`
  }
  if (hasExponent && draw() < 0.3) return `${sign}${(draw() * 9 + 1).toFixed(3)}e-0${1 + Math.floor(draw() * 8)}`
  const digits = leastDigits + Math.floor((mostDigits - leastDigits + 1) * draw() * draw())
  const whole = Math.floor(10 ** (digits - 1) * (1 + (below / 10 ** (digits - 1) > 9 ? 8.9 : 0.9) * draw()))
  return `${sign}${digits === 1 && draw() < 0.6 ? 0 : whole}.${String(1 + Math.floor(draw() * 99_999)).padStart(5, '0')}`
}

function isInSlot(
  number: string,
  { isInteger, isDecimal, hasExponent, hasMinus, least, most, mostDigits, paddedDigits }: NumberSlot,
): boolean {
  const [, minus, whole, rest] = /^(-?)(\d+)(.*)$/.exec(number)!
  if (minus !== '' && !hasMinus) return false
  if (rest === '') {
    const isPadded = whole!.length > 1 && whole!.startsWith('0')
    return isInteger && Number(whole) >= least && Number(whole) <= most && (!isPadded || paddedDigits > 0)
  }
  return (/e/i.test(rest!) ? hasExponent : isDecimal) && whole!.length <= mostDigits
}

/** The whole numbers round one up to those that read otherwise. */
function rangeAround(own: number, others: readonly number[], isRead: IsRead): { least: number; most: number } {
  const near = [own, ...others].flatMap((other) => [other - 1, other, other + 1]).filter((other) => other >= 0)
  const tried = [...new Set([...WHOLE, ...near])].sort((one, other) => one - other)
  const middle = tried.indexOf(Math.abs(own))
  if (!Number.isSafeInteger(own)) return NONE
  let [first, last] = [middle, middle]
  while (first > 0 && isRead(String(tried[first - 1]))) first--
  while (last < tried.length - 1 && isRead(String(tried[last + 1]))) last++
  return { least: tried[first]!, most: tried[last]! }
}

function rangeOfFew(isRead: IsRead): { least: number; most: number } {
  const [zero, ...others] = FEW_WHOLE.map((each) => isRead(String(each)))
  return others.every((each) => each) ? { least: zero === true ? 0 : 1, most: FEW_WHOLE.at(-1)! } : NONE
}

const NONE = { least: 1, most: 0 }

/** How many of them are read, up to the first that is not. */
function countOf(numbers: readonly string[], isRead: IsRead): number {
  const first = numbers.findIndex((number) => !isRead(number))
  return first < 0 ? numbers.length : first
}
