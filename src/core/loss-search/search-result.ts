import type { MetricValue } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { LossCandidate } from './candidate.ts'
import type { Tally } from './likelihood.ts'

/** A candidate that gives the loss of a batch; plain JSON. */
export type RatedCandidate = {
  readonly code: string | null
  readonly key: string
  readonly value: MetricValue
  /** How likely it is, by its prior and the batches before. */
  readonly weight: number
  /** How it has done in the batches before; not there where the predictions themselves are damaged, and in states of older versions. */
  readonly tally?: Tally
  /** Whether one finite loss has shown that the job does not compute it this way. */
  readonly isRefuted?: true
  /** Whether the predictions of the batches before would have broken such a loss as well, or there are none. */
  readonly isNoNews?: true
}

/**
 * How the loss of one batch may have been computed; plain JSON.
 *
 * `agrees`: the reported loss is a right one. `differs`: it is finite and not what
 * the predictions give. `failed`: it is not finite. `unknown`: none was reported,
 * and the candidates are those that would give a loss that is not finite.
 */
export type SearchResult = {
  readonly verdict: 'agrees' | 'differs' | 'failed' | 'unknown'
  readonly dtype: Dtype
  /** The likeliest candidate of each code and number, the likeliest first. */
  readonly candidates: readonly RatedCandidate[]
  /** Whether the recomputed loss is infinite, so that the predictions do not show what the job's own loss was. */
  readonly isOpen: boolean
  /** How the late NaN has done in the batches before, as far as their losses stand in another file; not there where none does. */
  readonly late?: Tally
}

/** The key of the candidate in which a true class has probability 0, and only the backward pass makes the NaN. */
export const LATE_NAN = 'log(0), then ∞·0'

/** The key of a label that is NaN, which no loss survives, however it is computed. */
export const NAN_LABELS = 'labels that are NaN'

/** The key of a binary loss with a target outside of [0, 1] whose number no candidate gives. */
export const ODD_TARGETS = 'targets outside of [0, 1]'

/** A candidate that no form of the loss gives: the loss is ∞, but has become NaN by the time it is logged. */
export const LATE_CANDIDATE: LossCandidate = {
  key: LATE_NAN,
  code: CAUSE.logZero,
  value: Number.NaN,
  prior: 0.1,
  occurs: 'seldom',
}

/** The late NaN before any batch has spoken for or against it. */
export const LATE: RatedCandidate = {
  code: LATE_CANDIDATE.code,
  key: LATE_NAN,
  value: 'NaN',
  weight: LATE_CANDIDATE.prior,
  tally: [0, 0],
}

const MAX_KEPT = 12

/** Adds the late NaN if the loss is NaN and a true class has probability 0. */
export function withLateNan(
  rated: readonly RatedCandidate[],
  { zeroOnTruth }: Symptoms,
  reported: MetricValue | null,
  late: RatedCandidate = LATE,
): readonly RatedCandidate[] {
  if (reported !== 'NaN' || zeroOnTruth.count === 0) return rated
  return likeliestFirst([...rated, late])
}

/** Sorts the likeliest first, and drops the least likely beyond a limit. */
export function likeliestFirst(rated: readonly RatedCandidate[]): readonly RatedCandidate[] {
  return [...rated].sort((a, b) => b.weight - a.weight).slice(0, MAX_KEPT)
}
