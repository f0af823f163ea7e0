import type { BatchMeasure, Dtype, PredictionBatch } from '../../../protocol/batch.ts'

/** One way in which a job may have come from its predictions to a number. */
export interface Reading {
  /** Names the way: the same at every batch. */
  readonly key: string
  /** The cause, if this is how it was computed; null where nothing is wrong with it. */
  readonly code: string | null
  /** The number that comes out of it, NaN and Infinity included. */
  readonly value: number
  /** How common it is among jobs, before anything was seen of this one. */
  readonly prior: number
  /** Computed so once, it is computed so always: a batch that it does not explain speaks against it. */
  readonly isHabit: boolean
}

/** What the readings of one batch are made from. */
export interface Subject {
  readonly batch: PredictionBatch
  readonly measure: BatchMeasure
  /** The type in which the job computed, known or guessed. */
  readonly dtype: Dtype
  /** No batch of the run came before it. */
  readonly isFirst: boolean
  /** The largest |logit| of the batches before, or 0. */
  readonly largestLogitBefore: number
}
