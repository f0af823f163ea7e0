import type { Rows } from './rows.ts'

/** The stretch of the horizontal axis that is on screen, and how many pixel columns it has. */
export interface VisibleRange {
  readonly fromX: number
  readonly toX: number
  readonly widthPx: number
}

/** One vertical line: what a series does within one pixel column. */
export interface Stroke {
  /** Pixel column, from 0 to widthPx − 1; outside of it for a neighbour that a line leads to. */
  readonly x: number
  readonly min: number
  readonly max: number
}

/** A neighbour beyond the edge is not drawn farther out than this: canvases lose precision there. */
const FARTHEST_PX = 20_000

/**
 * Reduces the rows from `start` to `end`, one attempt, to at most one stroke per pixel column.
 *
 * Each stroke keeps the extremes of its column, so a spike of one step in a
 * million is still drawn. A row that covers several columns counts in each: its
 * extreme lies somewhere among them. The nearest row to either side of the view
 * comes along with an `x` outside of it, so that lines lead out of the picture.
 * Non-finite values are not in rows: `marks.ts` draws those.
 */
export function decimate(rows: Rows, start: number, end: number, view: VisibleRange): Stroke[] {
  const { fromX, widthPx } = view
  const pxPerX = widthPx / (view.toX - fromX)
  const min = new Float64Array(widthPx).fill(Infinity)
  const max = new Float64Array(widthPx).fill(-Infinity)
  let before = -1
  let after = -1

  for (let i = start; i < end; i++) {
    const from = rows.xFrom[i]!
    const to = rows.xTo[i]!
    if (to < fromX) {
      if (before === -1 || to >= rows.xTo[before]!) before = i
      continue
    }
    if (from > view.toX) {
      if (after === -1 || from < rows.xFrom[after]!) after = i
      continue
    }
    const firstColumn = columnOf(from, fromX, pxPerX, widthPx)
    const lastColumn = columnOf(to, fromX, pxPerX, widthPx)
    for (let column = firstColumn; column <= lastColumn; column++) {
      if (rows.min[i]! < min[column]!) min[column] = rows.min[i]!
      if (rows.max[i]! > max[column]!) max[column] = rows.max[i]!
    }
  }

  const strokes: Stroke[] = []
  if (before !== -1) {
    const x = Math.max(-FARTHEST_PX, (rows.xTo[before]! - fromX) * pxPerX)
    strokes.push({ x, min: rows.min[before]!, max: rows.max[before]! })
  }
  for (let x = 0; x < widthPx; x++) {
    if (min[x]! <= max[x]!) strokes.push({ x, min: min[x]!, max: max[x]! })
  }
  if (after !== -1) {
    const x = Math.min(widthPx + FARTHEST_PX, (rows.xFrom[after]! - fromX) * pxPerX)
    strokes.push({ x, min: rows.min[after]!, max: rows.max[after]! })
  }
  return strokes
}

/** The pixel column of `x`; the right edge of the view belongs to the last one. */
function columnOf(x: number, fromX: number, pxPerX: number, widthPx: number): number {
  return Math.min(widthPx - 1, Math.max(0, Math.floor((x - fromX) * pxPerX)))
}
