import { clippedLog } from './clip.ts'
import { entrOf } from './entropy.ts'
import type { Guess } from './guess.ts'
import type { Truth } from './truth.ts'

/**
 * One row's guess held against its truth: the sums over classes that the measures are made of.
 *
 * All of them in one pass, each as its textbook function of the same name
 * defines it. Entropies and losses are in nats. One object serves a whole batch.
 */
export class Comparison {
  readonly epsilon: number
  loss = 0
  clippedLoss = 0
  entropy = 0
  truthEntropy = 0
  squaredError = 0
  /** A class that the truth gives weight has a probability of exactly 0. */
  hasZeroOnTruth = false
  /** A class that the truth gives no weight has a probability of exactly 0. */
  hasZeroOffTruth = false
  /** A class that the truth gives no weight has a probability of exactly 1. */
  hasOneOnWrong = false

  constructor(epsilon: number) {
    this.epsilon = epsilon
  }

  compare(guess: Guess, truth: Truth): void {
    let loss = 0
    let clippedLoss = 0
    let entropy = 0
    let truthEntropy = 0
    let squaredError = 0
    this.hasZeroOnTruth = false
    this.hasZeroOffTruth = false
    this.hasOneOnWrong = false

    for (let i = 0; i < guess.p.length; i++) {
      const p = guess.p[i]!
      const logP = guess.logP[i]!
      const weight = truth.weights[i]!
      const miss = p - weight
      entropy += entrOf(p, logP)
      squaredError += miss * miss
      if (weight === 0) {
        if (p === 0) this.hasZeroOffTruth = true
        if (p === 1 && isExact(guess, i)) this.hasOneOnWrong = true
      } else {
        loss -= weight * logP
        clippedLoss -= weight * clippedLog(p, logP, this.epsilon)
        truthEntropy -= weight * Math.log(weight)
        if (p === 0) this.hasZeroOnTruth = true
      }
    }

    // 0 · ln NaN is NaN, as in `xlogy`: a NaN counts wherever in the row it stands.
    this.loss = guess.hasNaN ? NaN : loss
    this.clippedLoss = guess.hasNaN ? NaN : clippedLoss
    this.entropy = entropy
    this.truthEntropy = truthEntropy
    this.squaredError = squaredError
  }
}

/** In one column, class 0 has only the complement 1 − p, which rounds to 1 for any p below 10⁻¹⁶. */
function isExact(guess: Guess, index: number): boolean {
  return guess.columns > 1 || index === 1 || guess.p[1] === 0
}
