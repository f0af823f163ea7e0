import type { RowCount } from './prediction-batch.ts'

/** How many rows a `RowCount` names. */
const MAX_ROWS = 8

/** A `RowCount` in the making: its rows are added in ascending order. */
export interface RowTally extends RowCount {
  count: number
  readonly rows: number[]
}

/** A tally of no rows yet. */
export function rowTally(): RowTally {
  return { count: 0, rows: [] }
}

/** Counts the row, and names it if it is one of the first. */
export function countRow(tally: RowTally, row: number): void {
  tally.count += 1
  if (tally.rows.length < MAX_ROWS) tally.rows.push(row)
}
