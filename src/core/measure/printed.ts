import type { Dtype } from '../kernels/float-type.ts'
import { dtypeOf } from './rounding.ts'

/** In so many numbers all decimals of a log have shown. */
const MOST_INSPECTED = 256
/** So few decimals are those of a log that rounds. */
const FEW_DECIMALS = 8
/** More are so only where most of the numbers have just as many: those of numbers in full differ with their size. */
const MANY_DECIMALS = 14
const MOSTLY = 0.6
/** Fewer numbers of one decimal are written by hand. */
const MANY = 16

/** Numbers of a log, and their type where it is stated. */
interface PrintedNumbers {
  readonly values: ArrayLike<number>
  readonly dtype?: Dtype
}

/** Half a unit of the last decimal. */
export function halfUnit(decimals: number): number {
  return 0.5 * 10 ** -decimals
}

/** The number of decimals of a number in its shortest decimal form. */
export function decimalsOf(value: number): number {
  const [digits, exponent = '0'] = String(value).split('e')
  return Math.max(0, (digits!.split('.')[1] ?? '').length - Number(exponent))
}

/**
 * The decimals to which a log rounds these numbers; null for numbers in full.
 *
 * In a log that rounds to four decimals 0 is anything below 0.00005, and no number is known to be exactly 0 or 1.
 * Zeros and ones alone do not show how they were rounded: then it is as `before`, in the batches before.
 */
export function printedDecimals(numbers: PrintedNumbers, before: number | null = null): number | null {
  const shown = shownDecimals(numbers)
  return shown === undefined ? before : shown
}

/** The same by these numbers alone; undefined where all are whole, or halves, quarters and the like, which show nothing. */
export function shownDecimals({ values, dtype }: PrintedNumbers): number | null | undefined {
  // A file that holds a narrow type holds it in full.
  if (dtype !== undefined && dtype !== 'float64') return null
  if (dtypeOf(values) !== null) return null
  const seen = new Uint32Array(MANY_DECIMALS + 1)
  let decimals = 0
  let inspected = 0
  for (let i = 0; i < values.length && inspected < MOST_INSPECTED; i++) {
    const value = values[i]!
    // Halves, quarters and the like have few decimals in any log.
    if (!Number.isFinite(value) || Number.isInteger(value * 8)) continue
    inspected += 1
    const own = decimalsOf(value)
    if (own > MANY_DECIMALS) return null
    decimals = Math.max(decimals, own)
    seen[own]! += 1
  }
  if (inspected === 0) return undefined
  if (decimals > FEW_DECIMALS && (inspected < FEW_DECIMALS || seen[decimals]! < MOSTLY * inspected)) return null
  return decimals < 2 && inspected < MANY ? null : decimals
}

/** The largest error of each value from being rounded when it was printed: 0 for values that were printed in full. */
export function printedError(batch: PrintedNumbers, before: number | null = null): number {
  const decimals = printedDecimals(batch, before)
  return decimals === null ? 0 : halfUnit(decimals)
}
