import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'

/**
 * In which batches a way of computing shows.
 *
 * `always`: in each batch of the job, so that a loss that is simply right speaks
 * against it. `seldom`: the job computes each loss so, and most of them come out
 * right. `once`: the batch is to blame and not the loss, so other batches say nothing.
 */
type Occurrence = 'always' | 'seldom' | 'once'

/** One way in which a job may have computed a number from its predictions. */
export interface LossCandidate {
  /** Names the way of computing: the same at every batch. */
  readonly key: string
  /** The cause, if this is how it was computed; null where nothing is wrong with it. */
  readonly code: string | null
  /** The number that it gives, NaN and Infinity included. */
  readonly value: number
  /** How common it is among jobs, before anything was seen of this one. */
  readonly prior: number
  readonly occurs: Occurrence
}

/** The batch whose loss is searched for, and what is known of the job. */
export interface SearchedBatch {
  readonly batch: PredictionBatch
  readonly measure: BatchMeasure
  /** The type in which the job computed, known or guessed. */
  readonly dtype: Dtype
  /** Whether each batch before it held a NaN, too, or there was none. */
  readonly isDamagedFromTheStart: boolean
  /** Whether the loss is unknown, not finite or simply right, so that candidates for other finite losses are useless. */
  readonly wantsFailuresOnly: boolean
  /** The largest |logit| of the batches before, or 0. */
  readonly largestLogitBefore: number
}
