import type { MetricValue } from '../../protocol/value.ts'
import type { RowCount } from '../measure/prediction-batch.ts'

/** A number as a person reads it: four significant digits, no trailing zeros. */
export function short(value: MetricValue | number): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  return String(Number(value.toPrecision(4)))
}

/** "3 of 64 rows". */
export function rowsOf(rows: RowCount, n: number): string {
  return `${rows.count} of ${n} ${n === 1 ? 'row' : 'rows'}`
}

/** " (rows 5, 17, 40, …)". */
export function rowList({ count, rows }: RowCount): string {
  if (rows.length === 0) return ''
  const more = count > rows.length ? ', …' : ''
  return ` (${count === 1 ? 'row' : 'rows'} ${rows.join(', ')}${more})`
}
