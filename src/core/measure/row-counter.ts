import type { RowCount } from './prediction-batch.ts'

/** How many rows a `RowCount` names. */
const MAX_ROWS = 8

/** A `RowCount` in the making: its rows are added in ascending order. */
export interface RowCounter extends RowCount {
  count: number
  readonly rows: number[]
}

/** A count of no rows yet. */
export function rowCounter(): RowCounter {
  return { count: 0, rows: [] }
}

/** Counts the row, and names it if it is one of the first. */
export function countRow(counter: RowCounter, row: number): void {
  counter.count += 1
  if (counter.rows.length < MAX_ROWS) counter.rows.push(row)
}
