import { median } from './median.ts'
import type { MetricCurve } from './metric-curve.ts'

/** Curves side by side: what each of them says at the same places. */
export interface SharedCells {
  readonly at: Float64Array
  /** The medians of the candidate, and those of each reference. */
  readonly candidate: Float64Array
  readonly references: readonly Float64Array[]
}

/** A stretch of places. */
export interface Span {
  readonly from: number
  readonly to: number
}

export function spanOf({ at }: MetricCurve): Span {
  return { from: at[0]!, to: at.at(-1)! }
}

/** The stretch in which all of the curves have values; null where there is none. */
export function overlapOf(curves: readonly MetricCurve[]): Span | null {
  const spans = curves.map(spanOf)
  const from = Math.max(...spans.map((span) => span.from))
  const to = Math.min(...spans.map((span) => span.to))
  return from > to ? null : { from, to }
}

/**
 * Puts curves side by side within a stretch.
 *
 * The places are those of the curve that has the fewest there. Each reaches half
 * the way to its neighbours, and a curve that was logged more often has there the
 * median of what it logged. So two logs of other intervals meet at the nearest
 * step, and neither one's noise is that of a single batch where there are more.
 */
export function sharedCells(
  candidate: MetricCurve,
  references: readonly MetricCurve[],
  { from, to }: Span,
): SharedCells {
  const curves = [candidate, ...references]
  const grids = curves.map((curve) => placesWithin(curve, from, to))
  const grid = grids.reduce((fewest, places) => (places.length < fewest.length ? places : fewest))
  const columns = curves.map((curve) => mediansAt(curve, grid))
  const kept = [...grid.keys()].filter((i) => columns.every((column) => !Number.isNaN(column[i]!)))
  const [own, ...others] = columns.map((column) => Float64Array.from(kept, (i) => column[i]!))
  return { at: Float64Array.from(kept, (i) => grid[i]!), candidate: own!, references: others }
}

/** The places of a curve within a stretch, each once. */
function placesWithin({ at }: MetricCurve, from: number, to: number): number[] {
  const places: number[] = []
  for (const place of at) {
    if (place >= from && place <= to && place !== places.at(-1)) places.push(place)
  }
  return places
}

/** The median of a curve around each place of a grid; NaN where it has no value there. */
function mediansAt({ at, value }: MetricCurve, grid: readonly number[]): Float64Array {
  const medians = new Float64Array(grid.length)
  let next = 0
  for (const [i, place] of grid.entries()) {
    const before = i === 0 ? (grid[1] ?? place) - place : place - grid[i - 1]!
    const after = i === grid.length - 1 ? before : grid[i + 1]! - place
    while (next < at.length && at[next]! < place - before / 2) next++
    const start = next
    while (next < at.length && (at[next]! < place + after / 2 || at[next] === place)) next++
    medians[i] = next === start + 1 ? value[start]! : median(value.subarray(start, next))
  }
  return medians
}
