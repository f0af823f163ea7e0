import type { MetricValue } from '../src/protocol/value.ts'

/** A value for reading: five significant digits, NaN and ±Infinity by name. */
export function valueText(value: MetricValue | number): string {
  if (isBroken(value)) return String(value)
  const number = Number(value)
  const magnitude = Math.abs(number)
  if (number === 0) return '0'
  if (Number.isInteger(number) && magnitude < 1e7) return countText(number)
  if (magnitude >= 1e6 || magnitude < 1e-3) return shorten(number.toExponential(3))
  return String(Number(number.toPrecision(5)))
}

/** A tick of an axis: as few digits as tell it from its neighbours. */
export function tickText(value: number): string {
  const magnitude = Math.abs(value)
  if (value === 0) return '0'
  if (magnitude >= 1e6 || magnitude < 1e-3) return shorten(value.toExponential(2))
  if (magnitude >= 1e3) return countText(value)
  return String(Number(value.toPrecision(6)))
}

/** A step or a count, with thousands set apart. */
export function countText(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** "1 alert", "3 alerts". */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Whether a value is NaN or ±Infinity, as a number or by name. */
export function isBroken(value: MetricValue | number): boolean {
  return typeof value === 'string' || !Number.isFinite(value)
}

/** "1.500e-5" → "1.5e-5". */
function shorten(exponential: string): string {
  return exponential.replace(/\.?0+e/, 'e').replace('e+', 'e')
}
