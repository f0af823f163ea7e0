import { clippedLog } from './clip.ts'
import { relEntr } from './divergence.ts'
import { entr, entrOf } from './entropy.ts'
import { logOfNormal, ONE_HALF_HALF, SMALLEST_NORMAL_HALF, UPPER_HALF } from './fast-log.ts'
import type { Guess } from './guess.ts'
import { type EdgesOfOne, isSaturated } from './saturation.ts'
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
  /** KL(guess ‖ truth). */
  reverse = 0
  squaredError = 0
  /** A class that the truth gives weight has a probability of exactly 0. */
  hasZeroOnTruth = false
  /** A class that the truth gives no weight has a probability of exactly 0. */
  hasZeroOffTruth = false
  /** A class that the truth gives no weight has a probability of exactly 1. */
  hasOneOnWrong = false
  /** Values below ε, above 1 − ε, and next to 0 or 1, over all rows so far. */
  raised = 0
  lowered = 0
  saturated = 0
  readonly #edges: EdgesOfOne
  /** Σ over rows of the probability of each class. */
  readonly #sums: Float64Array
  /** Upper half of the bits below which a probability may be clipped, saturated or not normal. */
  readonly #lowest: number
  #weighted = 0
  #zerosOffTruth = 0

  constructor(epsilon: number, edges: EdgesOfOne, sums: Float64Array) {
    this.epsilon = epsilon
    this.#edges = edges
    this.#sums = sums
    const noted = Math.max(epsilon, edges.aboveZero)
    this.#lowest = Math.max(SMALLEST_NORMAL_HALF, new Int32Array(Float64Array.of(noted).buffer)[UPPER_HALF]! + 1)
  }

  compare(guess: Guess, truth: Truth): void {
    this.loss = this.clippedLoss = this.entropy = this.truthEntropy = this.reverse = this.squaredError = 0
    this.hasZeroOnTruth = this.hasOneOnWrong = false
    this.#weighted = this.#zerosOffTruth = 0
    if (guess.hasLogs) this.#addLogs(guess, truth)
    else this.#addProbabilities(guess, truth)
    this.hasZeroOffTruth = this.#zerosOffTruth > 0

    // relEntr(p, 0) is infinite, and 0 for p = 0.
    if (this.#weighted + this.#zerosOffTruth < guess.p.length) this.reverse = Infinity
    // 0 · ln NaN is NaN, as in `xlogy`: a NaN counts wherever in the row it stands.
    if (guess.hasNaN) this.loss = this.clippedLoss = this.reverse = NaN
  }

  #addLogs(guess: Guess, truth: Truth): void {
    const { p, logP } = guess
    const { weights } = truth
    const { epsilon } = this
    const sums = this.#sums
    const { aboveZero } = this.#edges
    const lowest = Math.max(epsilon, aboveZero)
    const first = guess.columns === 1 ? 1 : 0
    let entropy = 0
    let squaredError = 0
    for (let i = 0; i < p.length; i++) {
      const x = p[i]!
      const weight = weights[i]!
      const miss = x - weight
      entropy += entrOf(x, logP[i]!)
      squaredError += miss * miss
      sums[i]! += x
      if (weight !== 0) this.#addTruth(guess, i, weight)
      // In one column, class 0 has only the complement 1 − p, which is not a value of its own.
      if (!(x > lowest && x < 0.5)) {
        if (i >= first) this.#count(x)
        if (weight === 0) this.#noteOffTruth(x, first === 0 || i === 1 || p[1] === 0)
      }
    }
    this.entropy = entropy
    this.squaredError = squaredError
  }

  #addProbabilities(guess: Guess, truth: Truth): void {
    const { p, halves } = guess
    const { weights } = truth
    const sums = this.#sums
    const lowest = this.#lowest
    let entropy = 0
    let squaredError = 0
    for (let i = 0; i < p.length; i++) {
      const x = p[i]!
      const upperHalf = halves[2 * i + UPPER_HALF]!
      const weight = weights[i]!
      const miss = x - weight
      squaredError += miss * miss
      sums[i]! += x
      if (weight !== 0) this.#addTruth(guess, i, weight)
      if (upperHalf >= lowest && upperHalf < ONE_HALF_HALF) {
        entropy -= x * logOfNormal(x, upperHalf)
      } else {
        entropy += entr(x)
        this.#count(x)
        if (weight === 0) this.#noteOffTruth(x, true)
      }
    }
    this.entropy = entropy
    this.squaredError = squaredError
  }

  #addTruth(guess: Guess, index: number, weight: number): void {
    const p = guess.p[index]!
    const logP = guess.logOf(index)
    this.loss -= weight * logP
    this.clippedLoss -= weight * clippedLog(p, logP, this.epsilon)
    this.truthEntropy -= weight * Math.log(weight)
    this.reverse += relEntr(p, weight)
    this.#weighted += 1
    if (p === 0) this.hasZeroOnTruth = true
  }

  #count(p: number): void {
    if (p < this.epsilon) this.raised += 1
    else if (p > 1 - this.epsilon) this.lowered += 1
    if (isSaturated(p, this.#edges)) this.saturated += 1
  }

  /** A 1 that is only what is left of the other class is not exact: 1 − p rounds to 1 for any p below 10⁻¹⁶. */
  #noteOffTruth(p: number, isExact: boolean): void {
    if (p === 0) this.#zerosOffTruth += 1
    else if (p === 1 && isExact) this.hasOneOnWrong = true
  }
}
