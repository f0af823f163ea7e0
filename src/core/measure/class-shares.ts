import { metricValue } from '../../protocol/value.ts'
import { entropyNats } from './entropy.ts'
import type { Guess } from './guess.ts'
import type { BatchMeasure } from './prediction-batch.ts'
import type { Truth } from './truth.ts'

/** What the rows of a batch come to class by class: the mean prediction, the answers and the labels. */
export class ClassShares {
  readonly #guessSums: Float64Array
  readonly #labelSums: Float64Array
  readonly #answers: Uint32Array
  #rows = 0

  /** `guessSums` is for Σ over rows of the probability of each class, which the comparison of each row adds up. */
  constructor(guessSums: Float64Array) {
    const classes = guessSums.length
    this.#guessSums = guessSums.fill(0)
    this.#labelSums = new Float64Array(classes)
    this.#answers = new Uint32Array(classes)
  }

  add(guess: Guess, truth: Truth): void {
    this.#rows += 1
    if (guess.top >= 0) this.#answers[guess.top]! += 1
    if (truth.isOneHot) {
      this.#labelSums[truth.top]! += 1
      return
    }
    for (let i = 0; i < truth.weights.length; i++) this.#labelSums[i]! += truth.weights[i]!
  }

  /** H(mean p) − `meanEntropy`: the Jensen–Shannon divergence of the rows' predictions; NaN without rows. */
  mutualInformation(meanEntropy: number): number {
    const rows = this.#rows
    return entropyNats(this.#guessSums.map((sum) => sum / rows)) - meanEntropy
  }

  get labelEntropy(): number {
    let total = 0
    for (const weight of this.#labelSums) total += weight
    return entropyNats(this.#labelSums.map((weight) => weight / total))
  }

  get topClass(): BatchMeasure['topClass'] {
    const answers = this.#answers
    let top = 0
    for (let i = 1; i < answers.length; i++) if (answers[i]! > answers[top]!) top = i
    const count = answers[top] ?? 0
    if (count === 0) return null
    const share = (total: number) => metricValue(total / this.#rows)
    return { class: top, share: share(count), labelShare: share(this.#labelSums[top]!) }
  }
}
