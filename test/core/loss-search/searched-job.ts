import { expect } from 'vitest'
import { searchBatch } from '../../../src/core/loss-search/batch-search.ts'
import { type LikeliestCause, likeliestCause } from '../../../src/core/loss-search/likeliest-cause.ts'
import { type Likelihoods, NO_LIKELIHOODS } from '../../../src/core/loss-search/likelihood.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import { encodeJson } from '../../../src/protocol/json.ts'

/** What the batches of one job show, one after the other. */
export function causesOf(batches: readonly PredictionBatch[]): readonly LikeliestCause[] {
  let likelihoods: Likelihoods = NO_LIKELIHOODS
  return batches.map((batch) => {
    const measure = measureBatch(batch)
    const searched = searchBatch(likelihoods, batch, measure, 0)
    likelihoods = searched.likelihoods
    expect(() => encodeJson(searched)).not.toThrow()
    return searched.result === null ? { kind: 'nothing' } : likeliestCause(searched.result, measure, batch.reportedLoss)
  })
}
