import type { RuleName, Severity } from '../../protocol/alert.ts'
import type { Role, Sample } from '../../protocol/sample.ts'
import type { Finite, JsonValue, MetricValue } from '../../protocol/value.ts'
import type { Silence } from '../job/cadence.ts'
import type { Crash } from '../job/last-words.ts'
import type { SearchResult } from '../loss-search/search-result.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { MaskReason } from '../records/format.ts'

/** Where in a log something was seen. */
export interface Sighting {
  readonly metric: string
  readonly role: Role
  readonly step: number | null
  readonly attempt: number
  readonly offset: number | null
  readonly value: MetricValue
  /** When the log says it happened, ISO 8601, or null. */
  readonly time: string | null
}

/**
 * What is wrong with the predictions: `uniform` favours no class in any row,
 * `overconfident` is sure of all and wrong in some, `saturated` has rounded to exactly 0 or 1.
 */
export type CollapseSign = 'uniform' | 'overconfident' | 'saturated'

/** The numbers behind a finding, from which the diagnosis makes its sentence. */
export type Facts =
  | { readonly kind: 'non-finite'; readonly lastFinite: Finite | null; readonly lastFiniteStep: number | null }
  | { readonly kind: 'masked-nan'; readonly reason: MaskReason; readonly detail: string; readonly inARow: number }
  | { readonly kind: 'log-zero'; readonly measure: Symptoms; readonly reportedLoss: MetricValue | null }
  | { readonly kind: 'mismatch'; readonly measure: Symptoms; readonly reportedLoss: MetricValue | null }
  | {
      readonly kind: 'exploding'
      readonly level: number
      readonly ratio: number
      readonly risesInARow: number
      /** In how many more values a float32 overflows if it goes on; null where that is not to be told. */
      readonly samplesToOverflow: number | null
    }
  | { readonly kind: 'crashed'; readonly crash: Crash }
  | { readonly kind: 'stall'; readonly silence: Silence }
  | { readonly kind: 'slow'; readonly newestMs: number; readonly usualMs: number }
  | {
      readonly kind: 'own'
      readonly when: string
      readonly inARow: number
      readonly values: readonly { readonly name: string; readonly value: MetricValue }[]
    }
  | { readonly kind: 'spike'; readonly level: number; readonly ratio: number; readonly z: number }
  | { readonly kind: 'sustained-rise'; readonly best: number; readonly level: number }
  | {
      readonly kind: 'chance-plateau'
      readonly classes: number | null
      readonly level: number
      readonly samples: number
    }
  | { readonly kind: 'frozen'; readonly inARow: number }
  | { readonly kind: 'negative-loss' }
  | { readonly kind: 'overfit'; readonly best: number; readonly bestStep: number | null; readonly inARow: number }
  | { readonly kind: 'learning-rate-jump'; readonly before: number; readonly largest: number }
  | { readonly kind: 'loss-scale'; readonly largest: number; readonly falls: number }
  | { readonly kind: 'collapse'; readonly sign: CollapseSign; readonly measure: BatchMeasure }
  /** In about how many steps log(0) is likely; null where that is not to be told. */
  | { readonly kind: 'saturation'; readonly measure: BatchMeasure; readonly stepsLeft: number | null }

export type Finding =
  | {
      readonly kind: 'raise'
      readonly rule: RuleName
      readonly severity: Severity
      readonly at: Sighting
      readonly facts: Facts
    }
  /** What an earlier finding of this rule and metric reported is over. */
  | {
      readonly kind: 'clear'
      readonly rule: RuleName
      readonly at: Sighting
      /** Set where it turned out to be harmless: a sentence that says so. The alert is then only noted. */
      readonly calledOff?: string
    }

/** What a detector may look at: one sample of its series, a value hidden from it, one measured batch, or a batch and its loss. */
export type Observation =
  | {
      readonly kind: 'sample'
      readonly sample: Sample
      readonly time: string | null
      /** Its step fell below the one before: a stray line, or the first of the next attempt. */
      readonly isBehind: boolean
      /** The log has a NaN here for every metric of a step at which nothing was recorded. */
      readonly isPlaceholder?: boolean
    }
  /** A value that the framework has hidden; the sighting holds the NaN that it stands for. */
  | { readonly kind: 'mask'; readonly at: Sighting; readonly reason: MaskReason; readonly detail: string }
  | {
      readonly kind: 'batch'
      readonly at: Sighting
      readonly measure: BatchMeasure
      readonly reportedLoss: MetricValue | null
      /** How its loss may have been computed; null where nothing is odd about it. */
      readonly account: SearchResult | null
    }
  /** A batch that came without a loss, and what its loss tells that stands in another file. */
  | {
      readonly kind: 'pair'
      readonly at: Sighting
      readonly measure: Symptoms
      readonly reportedLoss: Finite
      readonly account: SearchResult
    }

export interface Outcome<State extends JsonValue> {
  readonly state: State
  readonly findings: readonly Finding[]
}

/**
 * Watches one series, or the batches of one file, as a pure fold.
 *
 * `step` reads no clock, no disk and no global, so a recorded log replays to the
 * same findings. `State` is plain JSON: the store saves it in the same
 * transaction as the cursor, and a restart resumes in mid-window.
 */
export interface Detector<Params, State extends JsonValue> {
  readonly rule: RuleName
  /** Raised when the shape of `State` changes; a saved state of another version is dropped. */
  readonly version: number
  readonly defaults: Params
  watches(kind: Observation['kind'], metric: string, role: Role): boolean
  start(): State
  step(state: State, seen: Observation, params: Params): Outcome<State>
}

/** Saved detector states by rule; one of another version is dropped. */
export type DetectorStates = Readonly<Record<string, { readonly version: number; readonly state: JsonValue }>>

const NOTHING: readonly Finding[] = []

/** No findings: the common answer. */
export function unchanged<State extends JsonValue>(state: State): Outcome<State> {
  return { state, findings: NOTHING }
}

export function sightingOf(sample: Sample, time: string | null): Sighting {
  const { metric, role, step, attempt, offset, value } = sample
  return { metric, role, step, attempt, offset, value, time }
}
