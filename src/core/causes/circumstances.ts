import type { Confidence, Evidence, RuleName } from '../../protocol/alert.ts'
import type { Sample } from '../../protocol/sample.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { Symptoms } from '../measure/symptoms.ts'

/** One value of a metric, and the step it was logged at. */
export type Point = { readonly metric: string; readonly step: number | null; readonly value: MetricValue }

/** Everything by which a cause may recognise itself in a finding, in plain values. */
export interface Circumstances {
  /** The rule of the finding. */
  readonly rule: RuleName
  /** The value that the finding is about, and its place. */
  readonly at: Pick<Sample, 'metric' | 'role' | 'attempt' | 'step' | 'value'>
  /** The batch that was in use there; null where its predictions were not logged. */
  readonly batch: { readonly symptoms: Symptoms; readonly reportedLoss: MetricValue | null } | null
  /** The newest values in the file up to the finding, those of its own record included, oldest first. */
  readonly trend: {
    readonly gradNorm: readonly Point[]
    readonly learningRate: readonly Point[]
    readonly loss: readonly Point[]
    /** Those of validation; not there before the first one. */
    readonly validationLoss?: readonly Point[]
    /** The first finite value of each loss and gradient norm of the file. A state of an older version has none. */
    readonly began?: Readonly<Record<string, number>>
  }
}

/** What a cause that recognises itself says. */
export interface Recognition {
  /** Why it happened, as a sentence or two. */
  readonly why: string
  readonly confidence: Confidence
  readonly evidence: readonly Evidence[]
}
