import { leastSquares } from './least-squares.ts'
import type { Difference } from './likelihood.ts'

/** One weight for each class, which several batches share. */
export interface FittedWeights {
  readonly weights: readonly number[]
  /** The share of label smoothing that is in the losses as well. */
  readonly smoothing: number
  /** How many batches there are beyond those that the weights need. */
  readonly surplus: number
}

const RESIDUAL = 1e-3
/** How much smaller that must be than the residual of one factor for all classes, for two losses that are alike are nearly that. */
const BETTER_THAN_FACTOR = 1 / 20
/** How far weights may scatter and still count as equal. */
const SCATTER = 0.02
/** By one batch alone, or by none, a weight is not determined: any loss of it gives one. */
const BATCHES_OF_A_CLASS = 2
/** A weight below this share of the largest is 0, as a fit finds it. */
const NOTHING = 1e-4

/**
 * Fits one weight for each class by least squares, for a mean over the weights of the rows and for one over the rows, and
 * for the former with label smoothing, which PyTorch weighs by class, too. Null where none explains all batches.
 */
export function fittedWeights(
  differences: readonly Difference[],
  smoothings: readonly number[] = [],
): FittedWeights | null {
  const classes = differences[0]?.sums.length ?? 0
  if (classes < 2 || differences.some(({ sums }) => sums.length !== classes)) return null
  if (!areAllShown(differences, classes)) return null
  const most = Math.min(RESIDUAL, BETTER_THAN_FACTOR * residualOfFactor(differences))
  const plain = overWeights(differences, classes, 0, most) ?? overRows(differences, most)
  if (plain !== null) return plain
  if (differences.some(({ uniforms }) => uniforms?.length !== classes)) return null
  for (const smoothing of smoothings) {
    const smoothed = overWeights(differences, classes, smoothing, most)
    if (smoothed !== null) return smoothed
  }
  return null
}

/** Whether rows of each class, with a loss of their own, stand in several batches. */
function areAllShown(differences: readonly Difference[], classes: number): boolean {
  return Array.from({ length: classes }, (_, c) => c).every(
    (c) => differences.filter(({ sums, counts }) => counts[c]! > 0 && sums[c]! > 0).length >= BATCHES_OF_A_CLASS,
  )
}

/**
 * Σ w (cost − reported × count) = 0 holds for any multiple of the weights, so that of one class is set to 1: of the first
 * one with which all batches are explained, for a class may have a weight of 0.
 */
function overWeights(
  differences: readonly Difference[],
  classes: number,
  smoothing: number,
  mostResidual: number,
): FittedWeights | null {
  const rows = differences.map(({ sums, counts, uniforms, reported }) =>
    sums.map((sum, c) => (1 - smoothing) * sum + smoothing * (uniforms?.[c] ?? 0) - reported * counts[c]!),
  )
  for (let one = 0; one < classes; one++) {
    const others = rows.map((row) => row.filter((_, c) => c !== one))
    const fit = leastSquares(
      others,
      rows.map((row) => -row[one]!),
    )
    if (fit === null || !(fit.residual < mostResidual)) continue
    return checked([...fit.solution.slice(0, one), 1, ...fit.solution.slice(one)], smoothing, differences, classes - 1)
  }
  return null
}

function overRows(differences: readonly Difference[], mostResidual: number): FittedWeights | null {
  const fit = leastSquares(
    differences.map(({ sums }) => sums),
    differences.map(({ reported, rows }) => reported * rows),
  )
  if (fit === null || !(fit.residual < mostResidual)) return null
  return checked(fit.solution, 0, differences, fit.solution.length)
}

/** What the one factor that fits best leaves, as a share of the reported losses. */
function residualOfFactor(differences: readonly Difference[]): number {
  const [means, reported] = [differences.map(({ mean }) => [mean]), differences.map(({ reported }) => reported)]
  return leastSquares(means, reported)?.residual ?? 0
}

/** Weights are not negative. Equal ones are a factor, which R17 explains. */
function checked(
  solution: readonly number[],
  smoothing: number,
  differences: readonly Difference[],
  free: number,
): FittedWeights | null {
  const most = Math.max(...solution)
  const surplus = differences.length - free
  if (surplus < 1 || most <= 0 || solution.some((weight) => weight < -NOTHING * most)) return null
  const weights = solution.map((weight) => (weight < NOTHING * most ? 0 : weight))
  return weights.some((weight) => Math.abs(weight / most - 1) > SCATTER) ? { weights, smoothing, surplus } : null
}
