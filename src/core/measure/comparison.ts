import { kernels } from '../kernels/kernels.ts'
import { clippedLog } from './clip.ts'
import { relEntr } from './divergence.ts'
import { entr } from './entropy.ts'
import type { Guess } from './guess.ts'
import { type EdgesOfOne, isSaturated } from './saturated-share.ts'
import type { Truth } from './truth.ts'

/** Below any probability: in one column, class 0 has only the complement 1 − p, which is no value to be counted. */
const NONE = -1
/** Below it a probability has lost digits that its logarithm may still have. */
const SMALLEST_NORMAL = 2 ** -1022
/** Below it 1 − p has all the digits that are wanted. */
const NEARLY_ONE = 0.999

/**
 * One row's guess held against its truth: the sums over classes that the measures are made of.
 *
 * Each as its textbook function of the same name defines it. Entropies and losses
 * are in nats. One object serves a whole batch. The truth's weights are in the
 * row memory of the guess.
 */
export class RowComparison {
  readonly epsilon: number
  loss = 0
  clippedLoss = 0
  entropy = 0
  /** KL(truth ‖ guess), which is the loss less the entropy of the truth, without the digits that such a difference loses. */
  divergence = 0
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
  #weighted = 0
  #zerosOffTruth = 0

  constructor(epsilon: number, edges: EdgesOfOne) {
    this.epsilon = epsilon
    this.#edges = edges
  }

  compare(guess: Guess, truth: Truth): void {
    this.loss = this.clippedLoss = this.divergence = this.reverse = 0
    this.hasZeroOnTruth = this.hasOneOnWrong = false
    this.#weighted = 0
    const isColumn = guess.columns === 1
    const others = guess.row.sum(guess.hasLogs, isColumn ? NONE : this.epsilon, isColumn ? NONE : this.#edges.aboveZero)
    this.squaredError = kernels.results[0]! + this.#lostMiss(guess, truth)
    this.entropy = kernels.results[1]!
    this.raised += kernels.results[2]!
    this.saturated += kernels.results[3]!
    this.#zerosOffTruth = kernels.results[4]!
    if (isColumn) this.#count(guess.p[1]!)
    for (let i = 0; i < others; i++) this.#addOther(guess, truth, guess.row.others[i]!)
    this.#addTruth(guess, truth)
    this.hasZeroOffTruth = this.#zerosOffTruth > 0

    // relEntr(p, 0) is infinite, and 0 for p = 0.
    if (this.#weighted + this.#zerosOffTruth < guess.p.length) this.reverse = Infinity
    // 0 · ln NaN is NaN, as in `xlogy`: a NaN counts wherever in the row it stands.
    if (guess.hasNaN) this.loss = this.clippedLoss = this.divergence = this.reverse = NaN
  }

  /** What the square of 1 − p lacks in a row that is sure and right, where p has lost digits that its logarithm still has. */
  #lostMiss(guess: Guess, { isOneHot, top }: Truth): number {
    const p = guess.p[top]!
    if (!(guess.hasLogs && isOneHot && p > NEARLY_ONE)) return 0
    return Math.expm1(guess.logOf(top)) ** 2 - (1 - p) ** 2
  }

  #addOther({ p, columns, hasLogs }: Guess, { weights }: Truth, i: number): void {
    const x = p[i]!
    // With its logarithm at hand, one above 0 is in the sum already.
    if (!(hasLogs && x > 0)) this.entropy += entr(x)
    if (columns > 1) this.#count(x)
    // 1 − p rounds to 1 for any p below 10⁻¹⁶.
    if (x === 1 && weights[i] === 0 && (columns > 1 || i === 1 || p[1] === 0)) this.hasOneOnWrong = true
  }

  #addTruth(guess: Guess, { weights, isOneHot, top }: Truth): void {
    if (isOneHot) {
      this.#addWeight(guess, top, 1)
      return
    }
    for (let i = 0; i < weights.length; i++) if (weights[i] !== 0) this.#addWeight(guess, i, weights[i]!)
  }

  #addWeight(guess: Guess, index: number, weight: number): void {
    const p = guess.p[index]!
    const logP = guess.logOf(index)
    this.loss -= weight * logP
    this.clippedLoss -= weight * clippedLog(p, logP, this.epsilon)
    if (weight === 1) this.divergence -= logP
    else this.divergence += p >= SMALLEST_NORMAL ? relEntr(weight, p) : weight * (Math.log(weight) - logP)
    this.reverse += relEntr(p, weight)
    this.#weighted += 1
    if (p !== 0) return
    this.#zerosOffTruth -= 1
    // The softmax of logits may be 0 where its logarithm is an ordinary number.
    if (logP === -Infinity) this.hasZeroOnTruth = true
  }

  #count(p: number): void {
    if (p < this.epsilon) this.raised += 1
    else if (p > 1 - this.epsilon) this.lowered += 1
    if (isSaturated(p, this.#edges)) this.saturated += 1
  }
}
