import { entrOf } from './entropy.ts'

/** Where the upper half of a double lies among the 32-bit halves of its memory: 1, or 0 on a big-endian machine. */
const UPPER_HALF = new Int32Array(Float64Array.of(1).buffer)[1] === 0 ? 0 : 1

const BUCKETS = 256
/** About 1/m for m in each 256th of [1, 2), and −ln of just that number. */
const INVERSES = Float64Array.from({ length: BUCKETS }, (_, i) => 1 / (1 + (i + 0.5) / BUCKETS))
const LOGS = INVERSES.map((inverse) => -Math.log(inverse))
/** 2 to the power that makes the significand of a number with this biased exponent lie in [1, 2). */
const SCALES = Float64Array.from({ length: 1024 }, (_, exponent) => 2 ** (1023 - exponent))

/** The smallest normal double. */
const SMALLEST_NORMAL = 2 ** -1022

/** The sums over the classes of one row that the measures are made of. */
export class RowSums {
  entropy = 0
  squaredError = 0
  /** How many probabilities are usual: above `low`, and below ½. */
  usual = 0
  /** Up to here a probability is unusual. */
  readonly low: number
  /** Σ over all rows of the probability of each class. */
  readonly #byClass: Float64Array

  constructor(low: number, byClass: Float64Array) {
    this.low = Math.max(low, SMALLEST_NORMAL)
    this.#byClass = byClass
  }

  /** Reads probabilities with their logarithms. The entropy is that of all of them. */
  addLogs(p: Float64Array, logP: Float64Array, weights: Float64Array): void {
    const byClass = this.#byClass
    const { low } = this
    let entropy = 0
    let squaredError = 0
    let usual = 0
    for (let i = 0; i < p.length; i++) {
      const x = p[i]!
      const miss = x - weights[i]!
      squaredError += miss * miss
      byClass[i]! += x
      entropy += entrOf(x, logP[i]!)
      if (x > low && x < 0.5) usual += 1
    }
    this.entropy = entropy
    this.squaredError = squaredError
    this.usual = usual
  }

  /**
   * Reads probabilities, with their memory as 32-bit integers. The entropy is that of the usual ones.
   *
   * Each logarithm is within 2 units in the last place, and three times as fast as
   * `Math.log`: a table of 256 logarithms, and the series of ln(1 + r) for |r| < 2⁻⁹.
   * Towards 1 the parts would cancel, so ½ is the bound. The loop has no call,
   * which would move all that it holds out of the registers.
   */
  addProbabilities(p: Float64Array, halves: Int32Array, weights: Float64Array): void {
    const byClass = this.#byClass
    const { low } = this
    let entropy = 0
    let squaredError = 0
    let usual = 0
    for (let i = 0; i < p.length; i++) {
      const x = p[i]!
      const miss = x - weights[i]!
      squaredError += miss * miss
      byClass[i]! += x
      if (!(x > low && x < 0.5)) continue
      usual += 1
      const upperHalf = halves[2 * i + UPPER_HALF]!
      const exponent = (upperHalf >> 20) & 1023
      const bucket = (upperHalf >> 12) & (BUCKETS - 1)
      const r = x * SCALES[exponent]! * INVERSES[bucket]! - 1
      // r − r²/2 + r³/3 − r⁴/4 + r⁵/5, so written that its halves are computed at once.
      const square = r * r
      const series = r - square * (1 / 2 - r * (1 / 3) + square * (1 / 4 - r * (1 / 5)))
      entropy -= x * ((exponent - 1023) * Math.LN2 + (LOGS[bucket]! + series))
    }
    this.entropy = entropy
    this.squaredError = squaredError
    this.usual = usual
  }
}
