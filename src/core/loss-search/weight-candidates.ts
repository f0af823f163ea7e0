import { CAUSE } from '../causes/index.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { rowWeight } from '../measure/row-weight.ts'
import { Truth } from '../measure/truth.ts'
import type { LossCandidate } from './candidate.ts'
import { classCounts } from './class-sums.ts'
import type { FittedWeights } from './fitted-weights.ts'

/** So many batches more than the weights need must be explained by them: with many free numbers much fits. */
const LEAST_SURPLUS = 2

/** R29: the weights of the record, which the rows of the batch use, are NaN or infinite, or sum to 0. */
export function badWeightCandidates(batch: PredictionBatch): LossCandidate[] {
  const used = usedWeights(batch)
  if (used === null || used.length === 0) return []
  const total = used.reduce((sum, weight) => sum + weight, 0)
  if (Number.isFinite(total) && total !== 0) return []
  const what = total === 0 ? 'the weights sum to 0' : 'a weight is NaN or infinite'
  return [NaN, Infinity].map((value) => badWeights(`${what}${Number.isNaN(value) ? '' : ', over all rows'}`, value, 1))
}

/**
 * R29: the losses before were means by weights of the classes. Where only classes of weight 0 are in the batch the sum of
 * the weights is 0; in any other sound batch the weights are all that is left.
 */
export function fittedWeightCandidates(batch: PredictionBatch, fit: FittedWeights | null): LossCandidate[] {
  if (fit === null || fit.surplus < LEAST_SURPLUS || batch.weights !== undefined) return []
  const { weights } = fit
  const counts = classCounts(batch)
  if (counts.length !== weights.length) return []
  const isNothing = counts.every((count, at) => count === 0 || weights[at] === 0)
  const shown = weights.map((weight) => Number(weight.toPrecision(3))).join(', ')
  return isNothing
    ? [badWeights(`the classes in it have a weight of 0, by the weights ${shown} that the losses before show`, NaN, 1)]
    : [badWeights(`the losses before are weighted by ${shown}, and nothing else is odd here`, NaN, 0.3)]
}

function badWeights(key: string, value: number, prior: number): LossCandidate {
  return { key, code: CAUSE.badWeights, value, prior, occurs: 'once', isDamage: true }
}

/** The weights of the rows that count, or of their classes; of a yes all of them, for ∞ · 0 is NaN where none is one. Null without any. */
function usedWeights({ weights, labels, k, n }: PredictionBatch): readonly number[] | null {
  if (weights === undefined) return null
  if (weights.of === 'positives') return [1, ...weights.values]
  const truth = new Truth(labels, k, new Float64Array(Math.max(2, k)))
  const used: number[] = []
  for (let i = 0; i < n; i++) {
    if (truth.read(i) === 'given') used.push(rowWeight(weights, i, truth.top))
  }
  return used
}
