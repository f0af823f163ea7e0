import type { Confidence, Evidence, RuleName } from '../../protocol/alert.ts'
import type { Sample } from '../../protocol/sample.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { Symptoms } from '../measure/symptoms.ts'

/** One value of a metric, and the step it was logged at. */
export type Point = { readonly metric: string; readonly step: number | null; readonly value: MetricValue }

/** What is known around a finding, in plain values: all that a cause may be recognised by. */
export interface Circumstances {
  /** The rule that found something, and the value that it is about. */
  readonly rule: RuleName
  readonly at: Pick<Sample, 'metric' | 'role' | 'attempt' | 'step' | 'value'>
  /** The batch in use there; null where its predictions were not logged. */
  readonly batch: { readonly symptoms: Symptoms; readonly reportedLoss: MetricValue | null } | null
  /** The newest values of the file before it and of its own record, oldest first. */
  readonly trend: {
    readonly gradNorm: readonly Point[]
    readonly learningRate: readonly Point[]
    readonly loss: readonly Point[]
  }
}

/** What a cause says where it recognises itself. */
export interface Recognition {
  /** Why it happened, as a sentence or two. */
  readonly why: string
  readonly confidence: Confidence
  readonly evidence: readonly Evidence[]
}
