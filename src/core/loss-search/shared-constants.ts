import { CAUSE } from '../causes/index.ts'
import { leastSquares } from './least-squares.ts'
import type { Difference } from './likelihood.ts'

/** A constant that explains several batches, and that no single batch can show. */
export interface SharedConstant {
  readonly code: string
  /** What was found, as a person reads it. */
  readonly finding: string
  readonly weight: number
}

const MIN_BATCHES = 4
/** How far a constant may scatter from batch to batch, as a share of it. */
const SCATTER = 0.02
const OFFSET_SCATTER = 0.1
/** The scatter of a factor: rounding a loss to bfloat16 changes it by at most this share. */
const FACTOR_SCATTER = 2 ** -7
const LARGEST_FACTOR = 65536
const RESIDUAL = 1e-3

/** The constants that explain all of the newest batches with a difference: R17, R19, R20 and R21. */
export function sharedConstants(differences: readonly Difference[]): SharedConstant[] {
  if (differences.length < MIN_BATCHES) return []
  return [factor(differences), smoothing(differences), weights(differences), offset(differences)].filter(
    (shared) => shared !== null,
  )
}

function factor(differences: readonly Difference[]): SharedConstant | null {
  const ratios = differences.map(({ reported, mean }) => reported / mean)
  const ratio = constant(ratios, FACTOR_SCATTER)
  if (ratio === null) return null
  const whole = Math.round(ratio >= 1 ? ratio : 1 / ratio)
  const isWhole =
    whole > 1 && whole < LARGEST_FACTOR && Math.abs((ratio >= 1 ? ratio : 1 / ratio) / whole - 1) < FACTOR_SCATTER
  return isWhole
    ? { code: CAUSE.wrongReduction, finding: `factor ${ratio >= 1 ? whole : `1/${whole}`}`, weight: 0.3 }
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

/** Fits one weight for each class by least squares, for a mean over the rows and for one over their weights. */
function weights(differences: readonly Difference[]): SharedConstant | null {
  const classes = differences[0]!.sums.length
  if (classes < 2 || differences.some(({ sums }) => sums.length !== classes)) return null
  const overRows = leastSquares(
    differences.map(({ sums }) => sums),
    differences.map(({ reported, rows }) => reported * rows),
  )
  // Σ w (sum − reported × count) = 0 holds for any multiple of the weights, so that of class 0 is set to 1.
  const overWeights = leastSquares(
    differences.map(({ sums, counts, reported }) => sums.slice(1).map((sum, i) => sum - reported * counts[i + 1]!)),
    differences.map(({ sums, counts, reported }) => reported * counts[0]! - sums[0]!),
  )
  for (const [solution, all] of [
    [overWeights, overWeights === null ? undefined : [1, ...overWeights.solution]],
    [overRows, overRows?.solution],
  ] as const) {
    if (solution === null || all === undefined || differences.length <= solution.solution.length) continue
    // Equal weights for all classes are a factor, which R17 explains.
    const isWeighed = all.some((weight) => Math.abs(weight / all[0]! - 1) > SCATTER)
    if (solution.residual < RESIDUAL && isWeighed && all.every((weight) => weight > 0)) {
      return {
        code: CAUSE.weightsOrMask,
        finding: `class weights ${all.map((weight) => Number(weight.toPrecision(3))).join(', ')}`,
        // With many free numbers much fits, so a simpler candidate must come first.
        weight: 0.04,
      }
    }
  }
  return null
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

/** The mean of numbers that are nearly equal, or null. */
function constant(values: readonly number[], scatter: number): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.every((value) => Math.abs(value - mean) <= scatter * Math.abs(mean)) ? mean : null
}
