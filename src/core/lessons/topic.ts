import type { LessonBlock, LessonSource } from '../../protocol/lesson.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { TopicName } from './topic-names.ts'

/** A measured batch, as far as lessons look at it. */
export interface MeasuredBatch {
  readonly step: number | null
  readonly measure: BatchMeasure
  readonly reportedLoss: MetricValue | null
}

export interface BrokenBatch {
  readonly batch: MeasuredBatch
  /** The one read just before it; null where it was the first. */
  readonly before: MeasuredBatch | null
}

/** What a lesson speaks of: one batch, and how the run came to it. */
export interface Subject {
  readonly source: LessonSource
  readonly batch: MeasuredBatch
  /** The first batch whose recomputed loss is not finite; null while there is none. */
  readonly broken: BrokenBatch | null
  /** The batches that led up to `batch` and that one, in order of reading: the last few hundred of its file. */
  readonly history: readonly MeasuredBatch[]
}

/** One topic of the lesson: pure, from the numbers of a batch to what is shown. */
export interface Topic {
  readonly name: TopicName
  readonly title: string
  readonly claim: string
  teach(subject: Subject): readonly LessonBlock[]
}

/** The batch in words: "step 104 of iris-naive". */
export function placeOfSubject({ source, batch }: Subject): string {
  return `${batch.step === null ? 'the batch' : `step ${batch.step}`} of ${source.run}`
}

/** The most that K classes can be uncertain: ln K, the loss of a model that knows nothing. One column is two classes. */
export function chanceNats({ k }: BatchMeasure): number {
  return Math.log(Math.max(k, 2))
}
