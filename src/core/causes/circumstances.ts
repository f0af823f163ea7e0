import type { Confidence, Evidence, RuleName } from '../../protocol/alert.ts'
import type { Sample } from '../../protocol/sample.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { TermKind } from '../records/loss-terms.ts'

/** One value of a metric, and the step it was logged at. */
export type Point = { readonly metric: string; readonly step: number | null; readonly value: MetricValue }

/** A value that may be a term of the loss of its record. */
export type Term = { readonly metric: string; readonly value: MetricValue; readonly kind: TermKind }

/** The terms that stand beside a loss that is not finite: those that are not finite either, and those that are. */
export type TermsBeside = {
  readonly lost: readonly Term[]
  readonly kept: readonly Term[]
  /** Whether the loss is their sum by its name, and not a term itself. */
  readonly isSum: boolean
  /** Whether the file shows that a policy learns. */
  readonly isOfPolicy: boolean
}

/** Everything by which a cause may recognise itself in a finding, in plain values. */
export interface Circumstances {
  /** The rule of the finding. */
  readonly rule: RuleName
  /** The value that the finding is about, and its place. */
  readonly at: Pick<Sample, 'metric' | 'role' | 'attempt' | 'step' | 'value'>
  /** The batch that was in use there; null where its predictions were not logged. */
  readonly batch: { readonly symptoms: Symptoms; readonly reportedLoss: MetricValue | null } | null
  /** The terms beside a loss that is not finite; not there for anything else. */
  readonly terms?: TermsBeside
  /** The newest values in the file up to the finding, those of its own record included, oldest first. */
  readonly trend: {
    readonly gradNorm: readonly Point[]
    readonly learningRate: readonly Point[]
    readonly loss: readonly Point[]
    /** Those of validation; not there before the first one. */
    readonly validationLoss?: readonly Point[]
    /** The first finite value of each loss and gradient norm of the file. A state of an older version has none. */
    readonly began?: Readonly<Record<string, number>>
    /** The step from which on each metric that is not finite now was not; of a few metrics, and not there where there is none. */
    readonly brokenSince?: Readonly<Record<string, number | null>>
  }
}

/** What a cause that recognises itself says. */
export interface Recognition {
  /** Why it happened, as a sentence or two. */
  readonly why: string
  readonly confidence: Confidence
  readonly evidence: readonly Evidence[]
}
