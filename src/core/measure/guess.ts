import type { PredictionKind } from '../../protocol/batch.ts'
import { logOneMinusExp, sigmoid, softplus } from './logistic.ts'

/** The range of each kind. In it −∞ is a log-probability, that of the probability 0, but not a logit. */
const RANGE: Readonly<Record<PredictionKind, readonly [low: number, high: number]>> = {
  probs: [0, 1],
  log_probs: [-Infinity, 0],
  logits: [-Number.MAX_VALUE, Number.MAX_VALUE],
}

/**
 * The distribution over classes that one row of a batch stands for.
 *
 * One object is read into again and again, so that a batch costs two arrays and
 * not two for every row. One column stands for two classes: class 1 and the rest.
 */
export class Guess {
  readonly kind: PredictionKind
  readonly columns: number
  /** The probability of each class; as given, so perhaps outside [0, 1]. */
  readonly p: Float64Array
  /** Its logarithm, which for logits and log-probabilities stays finite where `p` underflows to 0. */
  readonly logP: Float64Array
  /** The class of the first largest value, or −1 in a row that holds a NaN. */
  top = -1
  hasNaN = false
  hasInfinity = false
  isOutOfRange = false

  constructor(kind: PredictionKind, columns: number) {
    const classes = columns === 1 ? 2 : columns
    this.kind = kind
    this.columns = columns
    this.p = new Float64Array(classes)
    this.logP = new Float64Array(classes)
  }

  /** Reads the row that starts at `from`; what was read before is gone. */
  read(values: ArrayLike<number>, from: number): void {
    this.#inspect(values, from)
    if (this.columns === 1) {
      this.#readColumn(values[from]!)
    } else if (this.kind === 'probs') {
      this.#readProbs(values, from)
    } else if (this.kind === 'log_probs') {
      this.#readLogProbs(values, from)
    } else {
      this.#readLogits(values, from)
    }
  }

  /** What the probabilities add up to: 1, were they a distribution. */
  get total(): number {
    let total = 0
    for (let i = 0; i < this.p.length; i++) total += this.p[i]!
    return total
  }

  #inspect(values: ArrayLike<number>, from: number): void {
    const [low, high] = RANGE[this.kind]
    let top = 0
    let max = -Infinity
    this.hasNaN = false
    this.hasInfinity = false
    this.isOutOfRange = false
    for (let i = 0; i < this.columns; i++) {
      const value = values[from + i]!
      if (value > max) {
        max = value
        top = i
      }
      if (!(value >= low && value <= high)) this.#flag(value)
    }
    this.top = this.hasNaN ? -1 : top
  }

  #flag(value: number): void {
    if (Number.isNaN(value)) {
      this.hasNaN = true
      return
    }
    // A logit of −∞ masks its class, as attention and action masks do.
    const isMask = this.kind === 'logits' && value === -Infinity
    if (!Number.isFinite(value) && !isMask) this.hasInfinity = true
    if (this.kind !== 'logits') this.isOutOfRange = true
  }

  #readProbs(values: ArrayLike<number>, from: number): void {
    for (let i = 0; i < this.columns; i++) {
      const p = values[from + i]!
      this.p[i] = p
      this.logP[i] = Math.log(p)
    }
  }

  #readLogProbs(values: ArrayLike<number>, from: number): void {
    for (let i = 0; i < this.columns; i++) {
      const logP = values[from + i]!
      this.p[i] = Math.exp(logP)
      this.logP[i] = logP
    }
  }

  /**
   * Softmax and its logarithm: zᵢ − max − log1p(Σ e^(zⱼ − max) over all but the largest).
   *
   * The largest term is kept out of the sum as in SciPy's `logsumexp`, so a sure
   * and right answer has a loss of e⁻⁴⁰ and not of 0. A NaN, a +∞, or nothing but
   * −∞ makes the whole row NaN, as ∞ − ∞ does in every framework.
   */
  #readLogits(values: ArrayLike<number>, from: number): void {
    const { p, logP, top } = this
    const max = this.hasNaN ? NaN : values[from + top]!
    if (!Number.isFinite(max)) {
      p.fill(NaN)
      logP.fill(NaN)
      return
    }
    let rest = 0
    for (let i = 0; i < p.length; i++) {
      const shifted = values[from + i]! - max
      const e = Math.exp(shifted)
      logP[i] = shifted
      p[i] = e
      if (i !== top) rest += e
    }
    const logTotal = Math.log1p(rest)
    for (let i = 0; i < p.length; i++) {
      logP[i]! -= logTotal
      p[i]! /= 1 + rest
    }
  }

  /** The one value speaks of class 1. σ(±∞) is a plain 1 or 0: with one logit there is no ∞ − ∞. */
  #readColumn(value: number): void {
    const { p, logP } = this
    if (this.kind === 'probs') {
      p[0] = 1 - value
      p[1] = value
      logP[0] = Math.log1p(-value)
      logP[1] = Math.log(value)
    } else if (this.kind === 'log_probs') {
      p[0] = -Math.expm1(value)
      p[1] = Math.exp(value)
      logP[0] = logOneMinusExp(value)
      logP[1] = value
    } else {
      p[0] = sigmoid(-value)
      p[1] = sigmoid(value)
      logP[0] = -softplus(value)
      logP[1] = -softplus(-value)
    }
    if (!this.hasNaN) this.top = p[1] > p[0] ? 1 : 0
  }
}

/** The distribution of a single row. */
export function guessOf(kind: PredictionKind, row: ArrayLike<number>): Guess {
  const guess = new Guess(kind, row.length)
  guess.read(row, 0)
  return guess
}
