import { metricValue } from '../../protocol/value.ts'
import type { BatchMeasure, PredictionBatch } from './prediction-batch.ts'
import { rowWeight } from './row-weight.ts'
import { CompensatedSum } from './sum.ts'

/** Quantiles of `losses` by nearest rank, so that each is the loss of a row; NaN is left out. */
export function lossQuantiles(losses: Float64Array): BatchMeasure['lossQuantiles'] {
  // A typed array sorts by size, with NaN last.
  const sorted = losses.slice().sort()
  let count = sorted.length
  while (count > 0 && Number.isNaN(sorted[count - 1]!)) count--
  if (count === 0) return null
  const quantile = (share: number) => metricValue(sorted[Math.ceil(share * count) - 1]!)
  return { median: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: quantile(1) }
}

/** Σ w l / Σ w, as PyTorch's and scikit-learn's weighted means; over the rows for weights of a yes. */
export class WeightedMean {
  readonly #weights: PredictionBatch['weights']
  readonly #losses = new CompensatedSum()
  readonly #total = new CompensatedSum()

  constructor(weights: PredictionBatch['weights']) {
    this.#weights = weights
  }

  /** Adds the loss of a row whose truth is mostly of the class `label`. A weight of 0 leaves the row out, whatever its loss. */
  add(row: number, label: number, loss: number): void {
    if (this.#weights === undefined) return
    const weight = rowWeight(this.#weights, row, label)
    if (weight !== 0) this.#losses.add(weight * loss)
    this.#total.add(this.#weights.of === 'positives' ? 1 : weight)
  }

  /** Null where there are no weights; NaN where they are all 0. */
  get mean(): number | null {
    return this.#weights === undefined ? null : this.#losses.total / this.#total.total
  }
}
