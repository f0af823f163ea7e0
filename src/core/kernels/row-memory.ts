import type { Floats } from './float-type.ts'
import { kernels } from './kernels.ts'
import { ROWS } from './layout.ts'

/** Below so many numbers a loop copies them faster than a view of them is made. */
const FEW = 32

/**
 * The arrays for one row of classes at a time, in the memory of the kernels, and what the kernels do to them.
 *
 * Only the memory that was made last is good: of two batches, one is finished
 * before the other is begun.
 */
export class RowMemory {
  /** The numbers as they were loaded, then the probabilities. */
  readonly p: Float64Array
  readonly logP: Float64Array
  readonly weights: Float64Array
  /** Σ over rows of the probability of each class. */
  readonly classSums: Float64Array
  /** The indices that `exponentials` or a sum has left to its caller. */
  readonly others: Int32Array
  readonly #singles: Float32Array
  /** The address of each array. */
  readonly #p = ROWS
  readonly #logP: number
  readonly #weights: number
  readonly #classSums: number
  readonly #others: number

  constructor(count: number) {
    // Kernels read two doubles at once.
    const bytes = 8 * (count + (count % 2))
    const buffer = kernels.reserve(5 * bytes)
    this.#logP = ROWS + bytes
    this.#weights = ROWS + 2 * bytes
    this.#classSums = ROWS + 3 * bytes
    this.#others = ROWS + 4 * bytes
    this.p = new Float64Array(buffer, this.#p, count)
    this.logP = new Float64Array(buffer, this.#logP, count)
    this.weights = new Float64Array(buffer, this.#weights, count)
    this.classSums = new Float64Array(buffer, this.#classSums, count)
    this.others = new Int32Array(buffer, this.#others, count)
    // Single floats are made doubles before there are any logarithms.
    this.#singles = new Float32Array(buffer, this.#logP, count)
  }

  /** Takes a row into `p`, and returns the index of its first largest number: 0 if none is above −∞. */
  load(values: Floats, from: number): number {
    const isSingle = values instanceof Float32Array
    const target = isSingle ? this.#singles : this.p
    const count = target.length
    if (count < FEW) for (let i = 0; i < count; i++) target[i] = values[from + i]!
    else target.set(values.subarray(from, from + count))
    return kernels.call.inspect(isSingle ? this.#logP : this.#p, isSingle, this.#p, count)
  }

  /** Makes logarithms of the numbers by taking `shift` from them, and their probabilities; returns how many are left. */
  exponentials(shift: number): number {
    return kernels.call.exponentials(this.#p, this.#logP, this.p.length, shift, this.#others)
  }

  /** Divides the probabilities by `total`. */
  normalise(total: number, logTotal: number): void {
    kernels.call.normalise(this.#p, this.#logP, this.p.length, total, logTotal)
  }

  /** Sums up the row, by its logarithms if it has them, and counts its small probabilities; returns how many are left. */
  sum(hasLogs: boolean, epsilon: number, tiny: number): number {
    const count = this.p.length
    return hasLogs
      ? kernels.call.sumLogs(this.#p, this.#logP, this.#weights, this.#classSums, count, epsilon, tiny, this.#others)
      : kernels.call.sumProbabilities(this.#p, this.#weights, this.#classSums, count, epsilon, tiny, this.#others)
  }
}
