import type { MetricValue } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { LossCandidate } from './candidate.ts'

/** A candidate that gives the loss of a batch; plain JSON. */
export type RatedCandidate = {
  readonly code: string | null
  readonly key: string
  readonly value: MetricValue
  /** How likely it is, by its prior and the batches before. */
  readonly weight: number
}

/**
 * How the loss of one batch may have been computed; plain JSON.
 *
 * `agrees`: the reported loss is a right one. `differs`: it is finite and is not
 * what the predictions give. `failed`: it is not finite. `unknown`: none was
 * reported, so `candidates` are those by which it would fail.
 */
export type SearchResult = {
  readonly verdict: 'agrees' | 'differs' | 'failed' | 'unknown'
  readonly dtype: Dtype
  /** The likeliest candidate of each code and number, the likeliest first. */
  readonly candidates: readonly RatedCandidate[]
  /** Whether the predictions leave it open what the loss was: a probability of exactly 0 may have cost anything. */
  readonly isOpen: boolean
}

/** The key of a zero on the truth whose NaN only the backward pass makes. */
export const LATE_NAN = 'log(0), then ∞·0'

/** The key of a binary loss whose number nothing gives, and that has a target outside of [0, 1]. */
export const ODD_TARGETS = 'targets outside of [0, 1]'

/** The candidate that no form of the loss gives: ∞ in the loss, and NaN by the time it is logged. */
export const LATE_CANDIDATE: LossCandidate = {
  key: LATE_NAN,
  code: CAUSE.logZero,
  value: Number.NaN,
  prior: 0.1,
  occurs: 'seldom',
}

const MAX_KEPT = 12

/** Adds the late NaN where a zero on the truth and a loss of NaN allow it. */
export function withLateNan(
  rated: readonly RatedCandidate[],
  { zeroOnTruth }: Symptoms,
  reported: MetricValue | null,
  weight = LATE_CANDIDATE.prior,
): readonly RatedCandidate[] {
  if (reported !== 'NaN' || zeroOnTruth.count === 0) return rated
  return likeliestFirst([...rated, { code: LATE_CANDIDATE.code, key: LATE_NAN, value: 'NaN', weight }])
}

/** Puts the likeliest first and drops the unlikeliest of many. */
export function likeliestFirst(rated: readonly RatedCandidate[]): readonly RatedCandidate[] {
  return [...rated].sort((a, b) => b.weight - a.weight).slice(0, MAX_KEPT)
}
