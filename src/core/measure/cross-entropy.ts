import { guessOf } from './guess.ts'
import { softplus } from './logistic.ts'
import type { PredictionKind } from './prediction-batch.ts'

/** A row's truth: the index of its class, or a weight for each class. */
export type RowTruth = number | ArrayLike<number>

/**
 * x ln y, with 0 · ln 0 = 0.
 *
 * As SciPy's `xlogy`: 0 whenever x is 0, unless y is NaN. ln y is NaN below 0.
 */
export function xlogy(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)
}

/** −ln p, in nats: +∞ at 0, 0 at 1, negative above 1, and NaN below 0. */
export function surprise(p: number): number {
  return 0 - Math.log(p)
}

/**
 * ln Σ exp(xᵢ), in nats, without overflow: the largest term is factored out.
 *
 * Follows IEEE 754 at the edges, so a bad logit stays visible: any NaN gives
 * NaN, any +∞ gives +∞, and no terms (or all −∞) give −∞.
 */
export function logSumExp(logits: ArrayLike<number>): number {
  let max = -Infinity
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i]!)
  if (!Number.isFinite(max)) return max

  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - max)
  return max + Math.log(sum)
}

/** ln softmax(x), never by way of a softmax that underflowed to 0. A NaN or +∞ makes all of it NaN. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  return guessOf('logits', logits).logP.slice()
}

/**
 * Cross-entropy −Σ tᵢ ln qᵢ of one row, in nats, with 0 · ln 0 = 0.
 *
 * Infinite when the guess rules out what the truth allows, and NaN when the row
 * holds a NaN, be it in another class. Nothing is clipped or normalised. A row of
 * one value is a binary model's: its truth is a class, or the weight of class 1.
 */
export function crossEntropyNats(kind: PredictionKind, row: ArrayLike<number>, truth: RowTruth): number {
  const guess = guessOf(kind, row)
  const weights = weightsOf(truth, guess.p.length)
  if (guess.hasNaN) return NaN

  let nats = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] !== 0) nats -= weights[i]! * guess.logP[i]!
  }
  return nats
}

/**
 * −y ln p − (1 − y) ln(1 − p), in nats, with 0 · ln 0 = 0 and log1p(−p) for ln(1 − p).
 *
 * A p of exactly 0 or 1 costs 0 when right and +∞ when wrong, never NaN.
 */
export function binaryCrossEntropyNats(y: number, p: number): number {
  const other = y === 1 ? 0 : (1 - y) * Math.log1p(-p)
  return 0 - xlogy(y, p) - other
}

/**
 * Binary cross-entropy of p = σ(z), in nats: max(z, 0) − z y + log1p(e^−|z|).
 *
 * Written as y · softplus(−z) + (1 − y) · softplus(z), which is the same and has
 * no ∞ − ∞: an infinite logit costs 0 when right and +∞ when wrong, where
 * PyTorch's `BCEWithLogitsLoss` gives NaN.
 */
export function binaryCrossEntropyOfLogitNats(y: number, z: number): number {
  const one = y === 0 ? 0 : y * softplus(-z)
  const other = y === 1 ? 0 : (1 - y) * softplus(z)
  return one + other
}

function weightsOf(truth: RowTruth, classes: number): ArrayLike<number> {
  if (typeof truth === 'number') {
    if (!(Number.isInteger(truth) && truth >= 0 && truth < classes)) {
      throw new RangeError(`class ${truth} is outside ${classes} classes`)
    }
    return Float64Array.from({ length: classes }, (_, i) => (i === truth ? 1 : 0))
  }
  return classes === 2 && truth.length === 1 ? [1 - truth[0]!, truth[0]!] : truth
}
