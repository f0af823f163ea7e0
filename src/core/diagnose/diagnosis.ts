import type { Cause, Confidence, Evidence } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { Circumstances } from '../causes/circumstances.ts'
import { causeOf } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { SearchResult } from '../loss-search/search-result.ts'
import type { Symptoms } from '../measure/symptoms.ts'

/** A measured batch that is kept because it may explain something. */
export type BatchEvidence = {
  readonly file: string
  readonly step: number | null
  readonly attempt: number
  readonly offset: number
  readonly measure: Symptoms
  readonly reportedLoss: MetricValue | null
  /** How its loss may have been computed; null where nothing is odd about the batch. */
  readonly lossSearch: SearchResult | null
  /** True where its predictions are known to be of held-out data. */
  readonly isOfValidation?: true
  /** True where another file gives a finite loss at its step; told at each look, and not kept. */
  readonly isSurvived?: true
  /** Of the first batch that holds a NaN: the batch of the file before it. */
  readonly before?: { readonly step: number | null; readonly measure: Symptoms }
}

/** The place of a finding, as far as it is needed to find the batch that was in use there. */
export interface BatchPlace {
  /** The role of the value that is to be explained. */
  readonly role?: Role
  readonly file: string
  readonly attempt: number
  readonly step: number | null
  readonly offset: number | null
}

/** The newest values of some roles in one file, oldest first: what led up to a finding. */
export type Trend = Circumstances['trend']

/** What is known for explaining a finding. */
export interface Context {
  readonly trend: Trend
  /** The batch of the finding's own step, if its predictions were logged. */
  readonly batch: BatchEvidence | null
}

export interface Explanation {
  /** Why, as a sentence or two. */
  readonly why: string
  readonly cause: Cause
}

/** Explains a finding by one kind of evidence; null where that evidence says nothing about it. */
export type Explainer = (finding: BuiltInRaise, context: Context) => Explanation | null

/** A known cause, with the advice of its entry. */
export function known(code: string, confidence: Confidence, evidence: readonly Evidence[]): Cause {
  return { code, confidence, evidence, fix: causeOf(code)?.fix ?? '' }
}
