import type { Role, Sample } from '../../protocol/sample.ts'
import type { Finite, JsonValue, MetricValue, NonFinite } from '../../protocol/value.ts'
import type { SearchResult } from '../loss-search/search-result.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { HidingReason } from '../records/format.ts'
import type { Rule, RuleOutcome, Sighting, Thresholds } from './rule.ts'

/** What is known beside a value that is not finite. */
export interface BesideBroken {
  /** All values of the same record. */
  readonly beside: readonly Sample[]
  /** The share of the losses of the record that are not finite, or of all values of it where its file logs no loss. */
  readonly share: number
  /** The metric that is all the record says of a training: it is counted, no loss is logged, and the rest are times and sizes. */
  readonly alone: string | null
  /**
   * Whether one of them comes as often as a training loss, be it measured or not: the newest of those is finite, and no 0,
   * behind which some logs hide a NaN.
   */
  readonly mayHaveHoles: boolean
}

/** What a detector observes. */
export type DetectorInput =
  | {
      readonly kind: 'sample'
      readonly sample: Sample
      readonly time: string | null
      /** The epoch of its record, where that has one. */
      readonly epoch?: number | undefined
      /** It is a part of the loss, or an error, in a file that logs no whole loss. */
      readonly isPart?: boolean | undefined
      /** Beside such a one: the file has others that act in the same role. */
      readonly hasOtherParts?: boolean | undefined
      /** Its step fell below the one before: it is a line out of order, or the first of the next attempt. */
      readonly isBehind: boolean
      /** Nothing was recorded at this step, and the log has a NaN for each metric in place of a value. */
      readonly isPlaceholder?: boolean
      /** The target of the loss moves: another metric of the file is a reward, or the loss of an opponent. */
      readonly hasMovingTarget?: boolean
      /** A policy learns: another metric of the file is a reward, or a loss of an actor or a critic. */
      readonly hasPolicy?: boolean
      /** Beside an entropy: the reward has risen, and stands about as high as it ever did. */
      readonly isGainAtBest?: boolean | undefined
      /** Only of a value that is not finite. */
      readonly broken?: BesideBroken | undefined
      /** Beside a KL divergence: the reward had risen, and has lost at least half of that. */
      readonly isGainLost?: boolean | undefined
      /** The gradient norm in the same record. */
      readonly gradientNorm?: MetricValue | undefined
      /** Beside a validation loss: the learning rate in the same record. */
      readonly learningRate?: MetricValue | undefined
      /** Beside a training or a validation loss: the other ones of the same record, of which the first few are given. */
      readonly otherLosses?: readonly Finite[] | undefined
      /** Beside a loss of 0: the predictions of its step give about that. */
      readonly arePredictionsRight?: boolean
      /** Of a 0 that may stand for a small number that the log has rounded: its decimals. */
      readonly zeroDecimals?: number | undefined
      /** Beside a validation loss: whether the record has a training loss as well. */
      readonly isBesideTraining?: boolean | undefined
    }
  /**
   * A record that holds a training loss, a learning rate or a gradient norm: those samples, as one observation. The place
   * is that of its first training loss, or else of its first sample.
   */
  | {
      readonly kind: 'record'
      readonly at: Sighting
      readonly samples: readonly Sample[]
      /** Of each role with a 0 that may stand for a small number that the log has rounded: the fewest decimals of such a 0. */
      readonly zeroDecimals: Readonly<Partial<Record<Role, number>>>
      /** As those of the sample at the place. */
      readonly isBehind: boolean
      readonly hasMovingTarget?: boolean
    }
  /** A value that the framework has hidden. The value of the sighting is NaN, which it stands for. */
  | {
      readonly kind: 'hidden'
      readonly at: Sighting
      readonly reason: HidingReason
      readonly detail: string
      /** Batches without anything to learn from look the same. */
      readonly isDoubtful?: boolean
    }
  | {
      readonly kind: 'batch'
      readonly at: Sighting
      readonly measure: BatchMeasure
      readonly reportedLoss: MetricValue | null
      /** How its loss may have been computed; null where nothing is odd about it. */
      readonly lossSearch: SearchResult | null
    }
  /** A batch that came without a loss, and the loss of its step in another file. */
  | {
      readonly kind: 'pair'
      readonly at: Sighting
      readonly measure: Symptoms
      readonly reportedLoss: Finite
      readonly lossSearch: SearchResult
    }
  /** A batch that was observed before, whose loss has now turned out not to be finite. */
  | {
      readonly kind: 'failed-batch'
      readonly at: Sighting
      readonly measure: Symptoms
      readonly reportedLoss: NonFinite
    }

/** The values of one metric in calm records. */
export interface CalmColumn {
  readonly metric: string
  /** In which they are judged. */
  readonly role: Role
  readonly values: Float64Array
}

/**
 * What a detector is shown of records that follow each other, where nothing but numbers changes from one to the next: all are
 * of one attempt, every value is finite, no loss is 0, and each step is above the one before.
 */
export interface CalmInputs extends CalmColumn {
  readonly kind: DetectorInput['kind']
  readonly attempt: number
  readonly length: number
  /** Null where the records have none. */
  readonly steps: Float64Array | null
  readonly hasTimes: boolean
  readonly hasMovingTarget: boolean
  readonly isPart: boolean
  /** Of a loss: the others of its role that stand beside it. */
  readonly others: readonly Float64Array[]
  /** Of a record: the metrics that are compared, the one that is its place among them. */
  readonly columns: readonly CalmColumn[]
  /** One of them, as `step` takes it. It holds until the next is asked for. */
  seenAt(index: number): DetectorInput
}

/**
 * A rule that watches one series, or the batches or records of one file, as a pure fold.
 *
 * `step` reads no clock, no disk and no global, so a recorded log replays to the
 * same findings. `State` is plain JSON: the store saves it in the same
 * transaction as the cursor, and a restart resumes in mid-window.
 */
export interface Detector<Name extends string, Facts, Params extends Thresholds, State extends JsonValue>
  extends Rule<Name, Facts, Params> {
  /** Raised when the shape of `State` changes; a saved state of another version is dropped. */
  readonly version: number
  /** The roles of the series that it compares within a file. Without a series of each it can find nothing. */
  readonly compares?: readonly Role[]
  /** How many values it needs of a series of zeros only, each of which may be a small number that the log has rounded. */
  readonly leastRounded?: number
  watches(kind: DetectorInput['kind'], metric: string, role: Role): boolean
  start(): State
  step(state: State, seen: DetectorInput, params: Params): RuleOutcome<State, Facts>
  /**
   * The state after inputs in a row of which none is out of the ordinary: the same as by `step` for each of them, in a fraction
   * of the time. Null where one may be, or the state is: then each goes through `step`.
   */
  calm?(state: State, inputs: CalmInputs, params: Params): State | null
}

/** A sample, and what is known beside it. */
export type SeenSample = Extract<DetectorInput, { kind: 'sample' }>

/** The place of an observation. */
export function sightingOf(seen: DetectorInput): Sighting {
  if (seen.kind !== 'sample') return seen.at
  const { metric, role, step, attempt, offset, value } = seen.sample
  return { metric, role, step, attempt, offset, value, time: seen.time }
}
