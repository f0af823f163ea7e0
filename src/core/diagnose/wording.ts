import type { RowCount } from '../../protocol/batch.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'

/** A number as a person reads it: four significant digits, no trailing zeros. */
export function short(value: MetricValue | number): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  return String(Number(value.toPrecision(4)))
}

/** "3 of 64 rows gave". */
export function rowsOf(rows: RowCount, n: number): string {
  return `${rows.count} of ${n} ${n === 1 ? 'row' : 'rows'}`
}

/** " (rows 5, 17, 40, …)". */
export function rowList({ count, rows }: RowCount): string {
  if (rows.length === 0) return ''
  const more = count > rows.length ? ', …' : ''
  return ` (${count === 1 ? 'row' : 'rows'} ${rows.join(', ')}${more})`
}

/** "step 812: " or nothing where the log gives no step. */
export function atStep(step: number | null): string {
  return step === null ? '' : `step ${step}: `
}

/** "at 23 times that", for a value above a level; empty where a ratio says nothing. */
export function atTimes(value: MetricValue, level: number): string {
  return isFinite(value) && value > level && level > 0 ? `at ${short(value / level)} times that` : ''
}
