import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'

/**
 * What a batch that a way does not explain says of it.
 *
 * `always`: the job computes all losses so, and each of them would show it, so that
 * a loss that is simply right speaks against it. `hidden`: it computes all losses so,
 * and most of them come out right. `once`: the batch at hand is to blame, not the loss.
 */
export type Habit = 'always' | 'hidden' | 'once'

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
  readonly habit: Habit
}

/** What the readings of one batch are made from. */
export interface Subject {
  readonly batch: PredictionBatch
  readonly measure: BatchMeasure
  /** The type in which the job computed, known or guessed. */
  readonly dtype: Dtype
  /** Every batch before it held a NaN, too, or there was none. */
  readonly isDamagedFromTheStart: boolean
  /** The loss is not known, not finite, or simply right: no way to another finite one is asked for. */
  readonly wantsFailuresOnly: boolean
  /** The largest |logit| of the batches before, or 0. */
  readonly largestLogitBefore: number
}
