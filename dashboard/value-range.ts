import type { Stroke, VisibleRange } from './decimate.ts'

/** The vertical scale of a chart. */
export interface ValueRange {
  readonly min: number
  readonly max: number
  /** Whether there is no finite value to show: the scale means nothing then. */
  readonly isEmpty: boolean
  /** False where a logarithmic scale was asked for and no value is above 0. */
  readonly isLog: boolean
  /** Strokes that reach to 0 or below on a logarithmic scale, and are drawn down to its lower edge. */
  readonly clipped: number
}

/** What a chart without a finite value is given. */
export const EMPTY_RANGE: ValueRange = { min: 0, max: 1, isEmpty: true, isLog: false, clipped: 0 }

const MARGIN = 0.06

/** The range that shows every stroke in view; neighbours outside of it count only if there is nothing else. */
export function valueRange(strokes: readonly Stroke[], view: Pick<VisibleRange, 'widthPx'>, log: boolean): ValueRange {
  const inside = strokes.filter(({ x }) => x >= 0 && x < view.widthPx)
  const shown = inside.length > 0 ? inside : strokes
  let [min, max, smallest, clipped] = [Infinity, -Infinity, Infinity, 0]
  for (const stroke of shown) {
    min = Math.min(min, stroke.min)
    max = Math.max(max, stroke.max)
    if (stroke.min <= 0) clipped++
    const positive = stroke.min > 0 ? stroke.min : stroke.max
    if (positive > 0) smallest = Math.min(smallest, positive)
  }
  if (min > max) return EMPTY_RANGE
  if (log && smallest < Infinity) return { ...widenedLog(smallest, max), isLog: true, isEmpty: false, clipped }
  return { ...widened(min, max), isLog: false, isEmpty: false, clipped: 0 }
}

function widened(min: number, max: number): { min: number; max: number } {
  const margin = max > min ? (max - min) * MARGIN : Math.abs(max) * 0.1 || 1
  const [low, high] = [min - margin, max + margin]
  if (Number.isFinite(high - low)) return { min: min >= 0 && low < 0 ? 0 : low, max: high }
  // Values near the end of double precision: a margin would be infinite.
  return { min: -Number.MAX_VALUE / 4, max: Number.MAX_VALUE / 4 }
}

function widenedLog(min: number, max: number): { min: number; max: number } {
  const factor = max > min ? (max / min) ** MARGIN : 2
  return { min: Math.max(min / factor, Number.MIN_VALUE), max: Math.min(max * factor, Number.MAX_VALUE) }
}
