import type { Floats } from '../kernels/float-type.ts'
import type { PredictionBatch } from './prediction-batch.ts'

/** The label by which PyTorch's losses and their users say "leave this row out". */
export const IGNORED_LABEL = -100

/**
 * What a row's label is good for.
 *
 * `given`: a class or a distribution. `ignored`: −100, or weights that are all 0.
 * `bad`: no class index of this batch, or a weight that is no probability.
 * `broken`: a label or a weight that is NaN or infinite.
 */
export type Label = 'given' | 'ignored' | 'bad' | 'broken'

/**
 * The true distribution over classes of one row of a batch.
 *
 * A hard label is the distribution with all weight on one class. As with `Guess`,
 * one object is read into again and again, and one column stands for two classes.
 */
export class Truth {
  readonly weights: Float64Array
  /** The class of the first largest weight; only after a label that is `given`. */
  top = 0
  isOneHot = false
  readonly #labels: PredictionBatch['labels']
  readonly #columns: number

  /** `weights` has an item for each class, and is this object's from now on. */
  constructor(labels: PredictionBatch['labels'], columns: number, weights: Float64Array) {
    this.weights = weights.fill(0)
    this.#labels = labels
    this.#columns = columns
  }

  read(row: number): Label {
    return this.#labels.kind === 'hard'
      ? this.#readClass(this.#labels.classes[row]!)
      : this.#readWeights(this.#labels.targets, row * this.#columns)
  }

  #readClass(label: number): Label {
    if (label === IGNORED_LABEL) return 'ignored'
    if (!(Number.isInteger(label) && label >= 0 && label < this.weights.length)) {
      return Number.isFinite(label) ? 'bad' : 'broken'
    }

    this.weights[this.top] = 0
    this.weights[label] = 1
    this.top = label
    this.isOneHot = true
    return 'given'
  }

  #readWeights(targets: Floats, from: number): Label {
    const { weights } = this
    if (this.#columns === 1) {
      weights[0] = 1 - targets[from]!
      weights[1] = targets[from]!
    } else {
      for (let i = 0; i < weights.length; i++) weights[i] = targets[from + i]!
    }

    let weighted = 0
    let isBad = false
    this.top = 0
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!
      if (!Number.isFinite(weight)) return 'broken'
      if (weight < 0 || weight > 1) isBad = true
      if (weight > 0) weighted += 1
      if (weight > weights[this.top]!) this.top = i
    }
    if (isBad) return 'bad'
    this.isOneHot = weighted === 1 && weights[this.top] === 1
    return weighted > 0 ? 'given' : 'ignored'
  }
}
