import type { PredictionKind } from '../../protocol/batch.ts'
import { expOfNegative } from './fast-exp.ts'
import { logOneMinusExp, sigmoid, softplus } from './logistic.ts'

/** The range of each kind. In it −∞ is a log-probability, that of the probability 0, but not a logit. */
const RANGE: Readonly<Record<PredictionKind, readonly [low: number, high: number]>> = {
  probs: [0, 1],
  log_probs: [-Infinity, 0],
  logits: [-Number.MAX_VALUE, Number.MAX_VALUE],
}

/** Below so many columns a loop copies a row faster than a view of it is made. */
const FEW_COLUMNS = 32

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
  /** The same memory as halves of doubles. */
  readonly halves: Int32Array
  /** The class of the first largest value, or −1 in a row that holds a NaN. */
  top = -1
  /** What the probabilities add up to: 1, were they a distribution. */
  total = 0
  /** The largest |value| of a row of logits, but for −∞; of any other row 0. */
  maxLogit = 0
  hasNaN = false
  hasInfinity = false
  isOutOfRange = false
  /** Whether the logarithms are at hand; those of plain probabilities are computed where they are asked for. */
  readonly hasLogs: boolean
  readonly #logP: Float64Array

  constructor(kind: PredictionKind, columns: number) {
    const classes = columns === 1 ? 2 : columns
    this.kind = kind
    this.columns = columns
    this.p = new Float64Array(classes)
    this.halves = new Int32Array(this.p.buffer)
    this.hasLogs = kind !== 'probs' || columns === 1
    this.#logP = new Float64Array(this.hasLogs ? classes : 0)
  }

  /** Reads the row that starts at `from`; what was read before is gone. */
  read(values: ArrayLike<number>, from: number): void {
    const { p } = this
    if (this.columns < FEW_COLUMNS || !ArrayBuffer.isView(values)) {
      for (let i = 0; i < this.columns; i++) p[i] = values[from + i]!
    } else {
      // One call for the whole row, so that the loops below see doubles only and are compiled for them.
      p.set((values as Float64Array).subarray(from, from + this.columns))
    }
    this.#inspect()
    if (this.columns === 1) this.#readColumn(p[0]!)
    else if (this.kind === 'log_probs') this.#readLogProbs()
    else if (this.kind === 'logits') this.#readLogits()
  }

  /** ln p of a class, which for logits and log-probabilities stays finite where `p` underflows to 0. */
  logOf(index: number): number {
    return this.hasLogs ? this.#logP[index]! : Math.log(this.p[index]!)
  }

  /** All of `logOf`; what is returned belongs to this object. */
  get logP(): Float64Array {
    return this.hasLogs ? this.#logP : this.p.map(Math.log)
  }

  #inspect(): void {
    const { p, columns } = this
    const [low, high] = RANGE[this.kind]
    let top = 0
    let max = -Infinity
    let total = 0
    let usual = 0
    for (let i = 0; i < columns; i++) {
      const value = p[i]!
      total += value
      if (value > max) {
        max = value
        top = i
      }
      if (value >= low && value <= high) usual += 1
    }
    this.hasNaN = false
    this.hasInfinity = false
    this.isOutOfRange = false
    for (let i = 0; usual < columns; i++) {
      const value = p[i]!
      if (value >= low && value <= high) continue
      usual += 1
      this.#flag(value)
    }
    this.top = this.hasNaN ? -1 : top
    this.total = total
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

  #readLogProbs(): void {
    const { p } = this
    const logP = this.#logP
    let total = 0
    for (let i = 0; i < p.length; i++) {
      const log = p[i]!
      const probability = log <= 0 ? expOfNegative(log) : Math.exp(log)
      logP[i] = log
      p[i] = probability
      total += probability
    }
    this.total = total
  }

  /**
   * Softmax and its logarithm: zᵢ − max − log1p(Σ e^(zⱼ − max) over all but the largest).
   *
   * The largest term is kept out of the sum as in SciPy's `logsumexp`, so a sure
   * and right answer has a loss of e⁻⁴⁰ and not of 0. A NaN, a +∞, or nothing but
   * −∞ makes the whole row NaN, as ∞ − ∞ does in every framework.
   */
  #readLogits(): void {
    const { p, top } = this
    const logP = this.#logP
    const max = this.hasNaN ? NaN : p[top]!
    let min = Infinity
    if (!Number.isFinite(max)) {
      this.maxLogit = this.hasInfinity ? Infinity : 0
      p.fill(NaN)
      logP.fill(NaN)
      return
    }
    let rest = 0
    for (let i = 0; i < p.length; i++) {
      const logit = p[i]!
      const shifted = logit - max
      const e = expOfNegative(shifted)
      if (logit < min && logit !== -Infinity) min = logit
      logP[i] = shifted
      p[i] = e
      if (i !== top) rest += e
    }
    this.maxLogit = Math.max(Math.abs(max), Math.abs(min))
    const logTotal = Math.log1p(rest)
    const total = 1 + rest
    for (let i = 0; i < p.length; i++) {
      logP[i]! -= logTotal
      p[i]! /= total
    }
  }

  /** The one value speaks of class 1. σ(±∞) is a plain 1 or 0: with one logit there is no ∞ − ∞. */
  #readColumn(value: number): void {
    const { p } = this
    const logP = this.#logP
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
      this.maxLogit = Number.isNaN(value) || value === -Infinity ? 0 : Math.abs(value)
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
