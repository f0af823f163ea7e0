import type { Dtype, Floats } from '../kernels/float-type.ts'
import { kernels } from '../kernels/kernels.ts'
import { RowMemory } from '../kernels/row-memory.ts'
import { logOneMinusExp, sigmoid, softplus } from './logistic.ts'
import type { PredictionKind } from './prediction-batch.ts'
import { ulpOfOne } from './rounding.ts'

/** How far beyond 0 or 1 rounding takes a probability: some ulps, as a mean of ten softmaxes may be above 1. */
export function edgeTolerance(dtype: Dtype = 'float32'): number {
  return 4 * Math.max(ulpOfOne(dtype), ulpOfOne('float32'))
}

/** The range of each kind. In it −∞ is a log-probability, that of the probability 0, but not a logit. */
const RANGE: Readonly<Record<PredictionKind, readonly [low: number, high: number]>> = {
  probs: [0, 1],
  log_probs: [-Infinity, 0],
  logits: [-Number.MAX_VALUE, Number.MAX_VALUE],
}

/**
 * The distribution over classes that one row of a batch stands for.
 *
 * One object is read into again and again, and its arrays are those of `RowMemory`:
 * a new one ends the use of all before it. One column stands for two classes:
 * class 1 and the rest.
 */
export class Guess {
  readonly kind: PredictionKind
  readonly columns: number
  /** The probability of each class; as given, so perhaps outside [0, 1]. */
  readonly p: Float64Array
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
  readonly row: RowMemory
  readonly #logP: Float64Array
  readonly #tolerance: number
  #min = Infinity

  /** A probability within `tolerance` of 0 or 1 is not out of range, and that of one column is the nearer of them. */
  constructor(kind: PredictionKind, columns: number, tolerance = edgeTolerance()) {
    this.#tolerance = tolerance
    this.kind = kind
    this.columns = columns
    this.hasLogs = kind !== 'probs' || columns === 1
    this.row = new RowMemory(columns === 1 ? 2 : columns)
    this.p = this.row.p
    this.#logP = this.row.logP
  }

  /** Reads the row that starts at `from`; what was read before is gone. */
  read(values: Floats, from: number): void {
    this.hasNaN = this.hasInfinity = this.isOutOfRange = false
    if (this.columns === 1) {
      this.#readColumn(values[from]!)
      return
    }
    const [low, high] = RANGE[this.kind]
    const top = this.row.load(values, from)
    this.total = kernels.results[0]!
    this.#min = kernels.results[1]!
    const isWithin = this.#min >= low && this.p[top]! <= high && !Number.isNaN(this.total)
    if (!isWithin) this.#flagAll()
    this.top = this.hasNaN ? -1 : top
    if (this.kind === 'log_probs') this.total = this.#exponentials(0)
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

  #flagAll(): void {
    const { p, kind } = this
    for (let i = 0; i < p.length; i++) {
      const value = p[i]!
      this.#flag(value)
      // A probability just below 0 has no logarithm.
      if (kind === 'probs' && value < 0 && value >= -this.#tolerance) p[i] = 0
    }
  }

  #flag(value: number): void {
    const [low, high] = RANGE[this.kind]
    if (value >= low && value <= high) return
    if (Number.isNaN(value)) {
      this.hasNaN = true
      return
    }
    // A logit of −∞ masks its class, as attention and action masks do.
    const isMask = this.kind === 'logits' && value === -Infinity
    if (!Number.isFinite(value) && !isMask) this.hasInfinity = true
    const isNear = value >= low - this.#tolerance && value <= high + this.#tolerance
    if (this.kind !== 'logits' && !isNear) this.isOutOfRange = true
  }

  /** Makes log-probabilities and probabilities of the numbers less `shift`, and returns the sum of the latter. */
  #exponentials(shift: number): number {
    const { p, row } = this
    const others = row.exponentials(shift)
    let total = kernels.results[0]!
    for (let i = 0; i < others; i++) {
      const index = row.others[i]!
      p[index] = Math.exp(this.#logP[index]!)
      total += p[index]!
    }
    return total
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
    if (!Number.isFinite(max)) {
      this.maxLogit = this.hasInfinity ? Infinity : 0
      p.fill(NaN)
      logP.fill(NaN)
      return
    }
    const min = this.#min === -Infinity ? lowestOf(p) : this.#min
    this.maxLogit = Math.max(Math.abs(max), Math.abs(min))
    p[top] = -Infinity
    const rest = this.#exponentials(max)
    p[top] = 1
    logP[top] = 0
    this.row.normalise(1 + rest, Math.log1p(rest))
  }

  #withinRange(value: number): number {
    const [low, high] = RANGE[this.kind]
    return value < low ? low : Math.min(value, high)
  }

  /** The one value speaks of class 1. σ(±∞) is a plain 1 or 0: with one logit there is no ∞ − ∞. */
  #readColumn(logged: number): void {
    const { p } = this
    const logP = this.#logP
    this.#flag(logged)
    const value = this.kind === 'logits' || this.isOutOfRange ? logged : this.#withinRange(logged)
    this.total = value
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
    this.top = this.hasNaN ? -1 : p[1] > p[0] ? 1 : 0
  }
}

/** The least number but for −∞. */
function lowestOf(logits: Float64Array): number {
  let lowest = Infinity
  for (const logit of logits) if (logit > -Infinity && logit < lowest) lowest = logit
  return lowest
}

/** The distribution of a single row. */
export function guessOf(kind: PredictionKind, row: ArrayLike<number>): Guess {
  const guess = new Guess(kind, row.length)
  guess.read(Float64Array.from(row), 0)
  return guess
}
