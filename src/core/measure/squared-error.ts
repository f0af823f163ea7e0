import { guessOf } from './guess.ts'
import { sigmoid } from './logistic.ts'

/**
 * Σ (qᵢ − tᵢ)² over the classes of one row: the score of Brier (1950), from 0 to 2.
 *
 * For two classes it is twice (p − y)², the form that scikit-learn's
 * `brier_score_loss` gives by default and one-column models train on.
 */
export function squaredError(truth: ArrayLike<number>, guess: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < truth.length; i++) total += (guess[i]! - truth[i]!) ** 2
  return total
}

/**
 * d/dz of the binary cross-entropy of p = σ(z): p − y.
 *
 * It tends to ±1 on a wrong answer, however sure: the model can always learn.
 */
export function binaryCrossEntropyGradient(y: number, z: number): number {
  // p − y = (1 − y) p − y (1 − p), where neither product cancels.
  return (1 - y) * sigmoid(z) - y * sigmoid(-z)
}

/**
 * d/dz of (σ(z) − y)²: 2 (p − y) p (1 − p).
 *
 * It vanishes on a wrong answer that is sure of itself: 4·10⁻⁹ at z = 20 and
 * y = 0, where cross-entropy still pulls with 1.
 */
export function squaredErrorGradient(y: number, z: number): number {
  return 2 * binaryCrossEntropyGradient(y, z) * sigmoid(z) * sigmoid(-z)
}

/** d/dzᵢ of the cross-entropy of softmax(z): pᵢ − tᵢ, for a truth that sums to 1. */
export function softmaxCrossEntropyGradient(truth: ArrayLike<number>, logits: ArrayLike<number>): Float64Array {
  const { p, logP } = guessOf('logits', logits)
  // As above, with 1 − p = −expm1(ln p).
  return p.map((probability, i) => (1 - truth[i]!) * probability + truth[i]! * Math.expm1(logP[i]!))
}
