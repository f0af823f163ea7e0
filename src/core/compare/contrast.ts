import type { Contrast } from '../detect/comparison-rule.ts'
import { NO_LEVEL, positionIn } from '../detect/level.ts'
import { median, robustSpread } from './median.ts'
import type { SharedCells } from './shared-cells.ts'

/** The least number of pairs that anything is said of. */
export const LEAST_PAIRS = 12
/** The share of the pairs, the last of them, by which a run is judged. */
const JUDGED_SHARE = 0.15
/** It is judged by as many at least; but where they would be more than a half, by a third: every run begins like its baseline. */
const LEAST_JUDGED = 12
const JUDGED_SHARE_OF_FEW = 1 / 3
/** Of few nobody can tell whether each depends on the one before: they count for so many times less. */
const DEPENDENCE_OF_FEW = 2
/** A run is compared with what its baselines were at this share of its steps, too. */
const LATE_SHARE = 0.8
/** A window holds as many pairs as this at least, and there are at most so many windows. */
const LEAST_WINDOW = 6
const MOST_WINDOWS = 40
/** How many of the first values show the scale of a loss. */
const SCALE_VALUES = 20
/** The negative share of its scale from which a loss counts as one with a sign; as in `level.ts`. */
const SIGNED_SHARE = 0.03
/** So many windows show how a level wanders. */
const LEAST_LEVELS = 6
/** The standard error of a median in standard deviations, times √n. */
const MEDIAN_ERROR = 1.2533
/** No spread is smaller: equal runs of equal seeds differ by nothing. */
const SMALLEST_SPREAD = 1e-3

/** What a contrast is measured from: the cells, and what they are about. */
export interface Compared {
  readonly baselines: readonly string[]
  readonly cells: SharedCells
  /** Where both runs began. */
  readonly start: number
  readonly axis: 'step' | 'value'
}

/** Measures how a run stands beside its baselines. There must be as many cells as `LEAST_PAIRS`. */
export function contrastOf({ baselines, cells, start, axis }: Compared): Contrast {
  const { at, candidate, references } = cells
  const count = at.length
  const domain = domainOf(cells)
  const place = (values: Float64Array) => values.map((value) => positionIn(domain, value))
  const own = place(candidate)
  const others = references.map(place)
  const middle = others.length === 1 ? others[0]! : own.map((_, i) => median(others.map((other) => other[i]!)))
  const apart = own.map((position, i) => position - middle[i]!)

  const isFew = count < 2 * LEAST_JUDGED
  const judged = Math.ceil(isFew ? JUDGED_SHARE_OF_FEW * count : Math.max(LEAST_JUDGED, JUDGED_SHARE * count))
  const from = count - judged
  const last = <Values extends Float64Array>(values: Values) => values.subarray(from)
  const difference = median(last(apart))
  const width = Math.max(LEAST_WINDOW, Math.ceil(count / MOST_WINDOWS))
  const noise = noiseOf(last(middle), width)
  const between = spreadBetween(others.map(last), last(middle))
  const late = apart.subarray(Math.min(from, count >> 1))
  const noiseOfPairs = Math.min(noiseOf(late, width), noiseAroundLine(late))
  const stretch = Math.max(LEAST_WINDOW, Math.ceil(count / 20))
  const wander = wanderOf(apart, stretch, noiseOfPairs)
  const error = Math.hypot(
    (MEDIAN_ERROR * noiseOfPairs) / Math.sqrt(isFew ? judged / DEPENDENCE_OF_FEW : judged),
    wander,
  )
  return {
    baselines,
    pairs: count,
    place: at[count - 1]!,
    level: median(last(candidate)),
    baseline: median(Float64Array.from(last(candidate), (_, i) => median(references.map((one) => one[from + i]!)))),
    difference,
    excess: Math.min(...others.map((other) => excessOver(own, other, at, from, start))),
    least: Math.min(...thirds(last(apart)).map(median)),
    spread: Math.max(SMALLEST_SPREAD, references.length === 1 ? noise : between),
    error: Math.hypot(error, references.length === 1 ? 0 : between),
    windows: windowsOf(apart, at, width, axis),
  }
}

/** The domain in which the values are compared: its scale is that of the first values of the references. */
function domainOf({ candidate, references }: SharedCells) {
  const scales = references.map((values) => Math.max(...values.subarray(0, SCALE_VALUES).map(Math.abs)))
  const reference = median(scales) || Math.max(...candidate.subarray(0, SCALE_VALUES).map(Math.abs)) || 1
  const least = -SIGNED_SHARE * reference
  const isSigned = [candidate, ...references].some((values) => values.some((value) => value < least))
  return { ...NO_LEVEL, reference, isSigned }
}

/** By how much the run is worse at last than a reference was at the same places, and than it was a little before. */
function excessOver(own: Float64Array, reference: Float64Array, at: Float64Array, from: number, start: number): number {
  const now = median(reference.subarray(from))
  const lateAt = (place: number) => start + LATE_SHARE * (place - start)
  const [begin, end] = [lateAt(at[from]!), lateAt(at.at(-1)!)]
  const earlier = reference.filter((_, i) => at[i]! >= begin && at[i]! <= end)
  const allowed = earlier.length === 0 ? 0 : Math.max(0, median(earlier) - now)
  return median(own.subarray(from).map((position, i) => position - reference[from + i]!)) - allowed
}

/** The noise of a series around its own level, which may move. */
function noiseOf(values: Float64Array, width: number): number {
  const rest = inWindows(values, width).flatMap((window) => {
    const level = median(window)
    return [...window].map((value) => value - level)
  })
  // A window takes a part of the noise into its level.
  return robustSpread(rest) * Math.sqrt(width / (width - 1))
}

/** How far a level wanders from window to window, beyond its trend and beyond noise. Of few windows nothing is known. */
function wanderOf(values: Float64Array, width: number, noise: number): number {
  const levels = inWindows(values, width).map(median)
  if (levels.length < LEAST_LEVELS) return 0
  const bends = levels.slice(2).map((level, i) => level - 2 * levels[i + 1]! + levels[i]!)
  // The second difference of independent values has six times their variance.
  const whole = robustSpread(bends) ** 2 / 6
  return Math.sqrt(Math.max(0, whole - (MEDIAN_ERROR * noise) ** 2 / width))
}

/** The noise of values around a straight line: two curves that come apart are no noise. */
function noiseAroundLine(values: Float64Array): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const slope =
    values.reduce((sum, value, i) => sum + (i - middle) * value, 0) /
    values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
  const squares = values.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0)
  return Math.sqrt(squares / (values.length - 2))
}

/** How far the levels of several references lie apart, in standard deviations; 0 of one. */
function spreadBetween(references: readonly Float64Array[], middle: Float64Array): number {
  if (references.length === 1) return 0
  const variances = thirds(middle).map((third, part) => {
    const levels = references.map((values) => median(thirds(values)[part]!.map((value, i) => value - third[i]!)))
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
    return levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / (levels.length - 1)
  })
  return Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0) / variances.length)
}

function windowsOf(apart: Float64Array, at: Float64Array, width: number, axis: Compared['axis']): Contrast['windows'] {
  let begin = 0
  return inWindows(apart, width).map((window) => {
    const difference = median(window)
    // A window in which a run comes apart begins to count where it does.
    const first = window.findIndex((value) => value >= difference / 2)
    const step = axis === 'step' ? at[begin + Math.max(0, first)]! : null
    begin += window.length
    return { step, difference }
  })
}

/** The whole windows of a series, the last of which ends with it; the first one takes what is left over. */
function inWindows(values: Float64Array, width: number): Float64Array[] {
  const count = Math.max(1, Math.floor(values.length / width))
  const over = values.length - count * width
  return Array.from({ length: count }, (_, i) =>
    values.subarray(i === 0 ? 0 : over + i * width, over + (i + 1) * width),
  )
}

function thirds(values: Float64Array): Float64Array[] {
  const third = values.length / 3
  return [0, 1, 2].map((i) => values.subarray(Math.round(i * third), Math.round((i + 1) * third)))
}
