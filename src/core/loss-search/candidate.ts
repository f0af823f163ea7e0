import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'

/**
 * In which batches of a job a way of computing the loss shows.
 *
 * `always`: in every batch, so a loss that is simply right speaks against it.
 * `seldom`: the job computes every loss this way, but most of them come out
 * right. `once`: it depends on the batch and not on the job, so other batches say
 * nothing about it.
 */
type Occurrence = 'always' | 'seldom' | 'once'

/** One way in which a job may have computed a number from its predictions. */
export interface LossCandidate {
  /** Names the way of computing. It is the same for every batch. */
  readonly key: string
  /** The cause of a loss that was computed this way; null for a right way. */
  readonly code: string | null
  /** The number that it gives, NaN and Infinity included. */
  readonly value: number
  /** How common it is among jobs: its weight before any batch of this job was seen. */
  readonly prior: number
  readonly occurs: Occurrence
  /** True for one of so many ways that a reported loss of few digits is some of them by chance. */
  readonly needsDigits?: true
  /** True for a mean of the predictions themselves, whose error is theirs, and not that of their logarithms. */
  readonly isLinear?: true
  /** True where it shows in the predictions themselves, in whatever way the loss is computed. */
  readonly isDamage?: true
  /** True where the number is NaN or infinite whatever the log rounds: one finite loss in its place refutes the way. */
  readonly isDecisive?: true
  /** The key of the way that must have given finite losses before, for one so rare that it explains nothing without. */
  readonly recordOf?: string
  /** True where the predictions of the batches before would have broken such a loss as well, or there are none. */
  readonly isNoNews?: true
}

/** The batch whose loss is searched for, and what is known about the job. */
export interface SearchedBatch {
  readonly batch: PredictionBatch
  readonly measure: BatchMeasure
  /** The type in which the job computed, known or guessed. */
  readonly dtype: Dtype
  /** Whether every batch before it held a NaN as well. True of the first batch. */
  readonly isDamagedFromTheStart: boolean
  /** Whether the loss is unknown, not finite or simply right. Then candidates for other finite losses are of no use. */
  readonly wantsFailuresOnly: boolean
  /** The largest |logit| of the batches before, or 0. */
  readonly largestLogitBefore: number
}
