import type { MetricValue } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { type FittedWeights, fittedWeights } from './fitted-weights.ts'
import type { Difference } from './likelihood.ts'
import type { RatedCandidate } from './search-result.ts'

/** A constant that explains several batches, and that no single batch can show. */
interface SharedConstant {
  readonly code: string
  /** What was found, as a person reads it. */
  readonly finding: string
  readonly weight: number
}

const MIN_BATCHES = 4
/** How far a constant may scatter from batch to batch, as a share of it. */
const SCATTER = 0.005
/** A count is known to so much of itself. */
const COUNT_SCATTER = 2e-3
const OFFSET_SCATTER = 0.05
/** The scatter of a factor: rounding a loss to bfloat16 changes it by at most this share. */
const FACTOR_SCATTER = 2 ** -7
const LARGEST_FACTOR = 65536
/** So many batches more than the weights of a softmax too many need must be explained by them. */
const LEAST_SURPLUS = 2
/** From which correlation on the reported and the recomputed losses follow each other. */
const LEAST_CORRELATION = 0.8
/** The shares of label smoothing that are tried. */
export const SMOOTHINGS = [0.1, 0.2, 0.05, 0.01, 0.15, 0.3]

/** The constants that explain all of the newest batches with a difference: R14, R17, R19, R20 and R21. */
function sharedConstants(differences: readonly Difference[]): SharedConstant[] {
  if (differences.length < MIN_BATCHES) return []
  const weighted = weights(differences) ?? weightsTwice(differences)
  return [factor(differences), otherCount(differences), smoothing(differences), weighted, offset(differences)].filter(
    (shared) => shared !== null,
  )
}

/** The same as candidates for the loss of the newest of these batches. */
export function candidatesOfMany(differences: readonly Difference[], value: MetricValue): RatedCandidate[] {
  return sharedConstants(differences).map(({ code, finding, weight }) => ({ code, key: finding, value, weight }))
}

function factor(differences: readonly Difference[]): SharedConstant | null {
  const ratios = ratiosOf(differences)
  const ratio = constant(ratios, FACTOR_SCATTER)
  if (ratio === null) return null
  const whole = Math.round(ratio >= 1 ? ratio : 1 / ratio)
  const isWhole =
    whole > 1 && whole < LARGEST_FACTOR && Math.abs((ratio >= 1 ? ratio : 1 / ratio) / whole - 1) < FACTOR_SCATTER
  return isWhole
    ? { code: CAUSE.wrongReduction, finding: `factor ${ratio >= 1 ? whole : `1/${whole}`}`, weight: 0.3 }
    : null
}

function ratiosOf(differences: readonly Difference[]): number[] {
  return differences.map(({ reported, mean }) => reported / mean)
}

/** R17: a sum over the rows that is divided by a number of rows which the batches do not have, as that of the loader is of a short one. */
function otherCount(differences: readonly Difference[]): SharedConstant | null {
  if (new Set(differences.map(({ rows }) => rows)).size === 1) return null
  const count = constant(
    differences.map(({ reported, mean, rows }) => (mean * rows) / reported),
    COUNT_SCATTER,
  )
  const whole = count === null ? 0 : Math.round(count)
  const isWhole = whole > 1 && Math.abs(count! - whole) <= COUNT_SCATTER * whole
  // Where rows are left out the loss may be the mean over all of them, which is told otherwise.
  return isWhole
    ? { code: CAUSE.wrongReduction, finding: `the sum over the rows, divided by ${whole} in each batch`, weight: 0.01 }
    : null
}

function smoothing(differences: readonly Difference[]): SharedConstant | null {
  const shares = differences.map(({ reported, mean, uniform }) =>
    uniform === null ? NaN : (reported - mean) / (uniform - mean),
  )
  const share = constant(shares, SCATTER)
  return share !== null && share > 0.001 && share < 0.6
    ? { code: CAUSE.labelSmoothing, finding: `smoothing ${Number(share.toPrecision(2))}`, weight: 0.3 }
    : null
}

function offset(differences: readonly Difference[]): SharedConstant | null {
  const added = constant(
    differences.map(({ reported, mean }) => reported - mean),
    OFFSET_SCATTER,
  )
  // Two numbers that do not change differ by a constant, so the loss must change by more than the difference does.
  const isTelling =
    4 * spread(differences.map(({ reported, mean }) => reported - mean)) < spread(differences.map(({ mean }) => mean))
  if (added === null || added <= 0 || !isTelling) return null
  return { code: CAUSE.addedTerm, finding: `about ${Number(added.toPrecision(3))} is added`, weight: 0.1 }
}

/** R21: weights of the classes; with label smoothing beside them as well. */
function weights(differences: readonly Difference[]): SharedConstant | null {
  const fit = fittedWeights(differences, SMOOTHINGS)
  if (fit === null) return null
  return {
    code: CAUSE.weightsOrMask,
    finding: `class weights ${shownWeights(fit)}${fit.smoothing === 0 ? '' : ` and label smoothing ${fit.smoothing}`}`,
    // With many free numbers much fits, so a simpler candidate must come first.
    weight: 0.04,
  }
}

/** R14 with weights of the classes, or of the positive one of two. */
function weightsTwice(differences: readonly Difference[]): SharedConstant | null {
  const twice = differences.flatMap((one) => (one.twice === undefined ? [] : [{ ...one, sums: one.twice }]))
  const fit = twice.length < differences.length ? null : fittedWeights(twice)
  if (fit === null || fit.surplus < LEAST_SURPLUS) return null
  const finding = `a softmax too many, with class weights ${shownWeights(fit)}`
  return { code: CAUSE.doubleSoftmax, finding, weight: 0.04 }
}

function shownWeights({ weights }: FittedWeights): string {
  return weights.map((weight) => Number(weight.toPrecision(3))).join(', ')
}

/** R38: the two losses rise and fall together, and none is far from the other. Nothing else explains the batches. */
export function followsReported(differences: readonly Difference[]): boolean {
  if (differences.length < MIN_BATCHES) return false
  // Predictions of another moment give no constant share of the loss: that is a weight of the loss, or another count.
  if (constant(ratiosOf(differences), SCATTER) !== null) return false
  const logs = differences.map(({ reported, mean }) => [Math.log(reported), Math.log(mean)] as const)
  if (logs.some(([reported, mean]) => !(Math.abs(reported - mean) <= Math.LN2))) return false
  return correlation(logs) >= LEAST_CORRELATION
}

/** The correlation of Pearson. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const meanOf = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length
  const [x, y] = [meanOf(0), meanOf(1)]
  const product = (a: 0 | 1, b: 0 | 1) =>
    pairs.reduce((sum, pair) => sum + (pair[a] - (a === 0 ? x : y)) * (pair[b] - (b === 0 ? x : y)), 0)
  return product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

/** The mean of numbers that are nearly equal, or null. */
function constant(values: readonly number[], scatter: number): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.every((value) => Math.abs(value - mean) <= scatter * Math.abs(mean)) ? mean : null
}
