import type { LossCandidate } from './candidate.ts'

/** Of how many batches a candidate gave the finite loss that was reported, and of how many another than was reported. */
export type Tally = readonly [reproduced: number, missed: number]

/** A batch whose reported loss differs from the recomputed one, as the numbers by which several such batches are compared. */
export type Difference = {
  readonly reported: number
  readonly mean: number
  readonly uniform: number | null
  readonly rows: number
  /** The sum of the losses of each class and its number of rows; empty for many classes. */
  readonly sums: readonly number[]
  readonly counts: readonly number[]
  /** The loss of each class at all rows, by 1/K: what label smoothing adds. Not there in a state of an older version. */
  readonly uniforms?: readonly number[]
  /** What each class costs after a softmax too many. Not there for many classes, or in a state of an older version. */
  readonly twice?: readonly number[]
  /** The mean without the rows of one label, for the commonest labels. Not there in a state of an older version. */
  readonly without?: readonly (readonly [label: number, mean: number])[]
}

/** The evidence of the batches of one attempt for and against each candidate; plain JSON, and bounded. */
export type Likelihoods = {
  readonly attempt: number
  /** Batches seen, with or without a reported loss. */
  readonly batches: number
  /** Batches whose reported loss was simply right. */
  readonly agreed: number
  /** Those of them that were not searched, for nothing was odd about them. A state of an older version does not say. */
  readonly plain?: number
  readonly tallies: Readonly<Record<string, Tally>>
  /** The ways by which a loss that was finite would surely not have been; not there where there is none. */
  readonly refuted?: readonly string[]
  readonly differences: readonly Difference[]
  /** The loss recomputed from the batch before; null where there is none, or it is not finite. */
  readonly previous: number | null
  readonly runningTotal: number
  readonly largestLogit: number
  /** Batches whose predictions held a NaN. */
  readonly damaged: number
  /** True once a finite loss was no float16, so that the job does not compute its losses in that. */
  readonly hasWideLosses?: true
  /** What the log rounds probabilities to, by the first batch that shows it; null in full. Not there before that. */
  readonly decimals?: number | null
}

/** The likelihoods before the first batch. */
export const NO_LIKELIHOODS: Likelihoods = {
  attempt: 0,
  batches: 0,
  agreed: 0,
  tallies: {},
  differences: [],
  previous: null,
  runningTotal: 0,
  largestLogit: 0,
  damaged: 0,
}

const MAX_DIFFERENCES = 10
/** How likely it is that a right candidate does not explain a batch. Not 0, for a job may change how it reports. */
const LIKELIHOOD_OF_A_MISS = 0.01
/** More misses do not make a candidate less likely, so that none becomes impossible. */
const MAX_MISSES = 4
const MAX_COUNT = 1000

/** How likely a candidate is after the batches before this one: its prior times its likelihood, not normalised. */
export function posteriorOf(candidate: LossCandidate, likelihoods: Likelihoods): number {
  if (candidate.occurs === 'once') return candidate.prior
  const [, missed] = tallyOf(candidate, likelihoods)
  return candidate.prior * LIKELIHOOD_OF_A_MISS ** Math.min(missed, MAX_MISSES)
}

/**
 * How a candidate has done so far.
 *
 * A candidate that makes nearly every loss right has reproduced each batch with
 * nothing odd about it. One that was not searched for yet, and would make every
 * loss wrong, has missed each batch whose loss was right. One that breaks where
 * another does not has given what that has, and its own misses are those losses
 * that did not break.
 */
export function tallyOf(candidate: LossCandidate, likelihoods: Likelihoods): Tally {
  const { key, recordOf = key } = candidate
  if (recordOf === key) return ownTally(candidate, likelihoods)
  const [reproduced, missed] = likelihoods.tallies[recordOf] ?? [0, 0]
  return [reproduced, missed + ownTally(candidate, likelihoods)[1]]
}

function ownTally({ key, code, occurs, recordOf }: LossCandidate, likelihoods: Likelihoods): Tally {
  const { tallies, agreed, plain = 0 } = likelihoods
  const [reproduced, missed] = tallies[key] ?? [
    0,
    occurs === 'always' && code !== null && (recordOf ?? key) === key ? Math.min(agreed, MAX_MISSES) : 0,
  ]
  return [reproduced + (occurs === 'always' ? 0 : plain), missed]
}

/** Counts which candidates give the reported loss of a batch, and which do not. That both are not finite has no digits, and counts for nothing. */
export function withSearched(
  likelihoods: Likelihoods,
  candidates: readonly LossCandidate[],
  gives: (candidate: LossCandidate) => boolean,
  isFiniteLoss = true,
): Likelihoods {
  const tallies: Record<string, Tally> = { ...likelihoods.tallies }
  const refuted = new Set(likelihoods.refuted)
  for (const candidate of candidates) {
    const { key, occurs, value, isDecisive } = candidate
    if (occurs === 'once') continue
    const [, missedSoFar] = ownTally(candidate, likelihoods)
    const [reproduced = 0, missed = missedSoFar] = tallies[key] ?? []
    if (isFiniteLoss && isDecisive === true && !Number.isFinite(value)) refuted.add(key)
    if (!gives(candidate)) tallies[key] = [reproduced, Math.min(missed + 1, MAX_COUNT)]
    else if (Number.isFinite(value)) tallies[key] = [Math.min(reproduced + 1, MAX_COUNT), missed]
  }
  return { ...likelihoods, tallies, ...(refuted.size > 0 && { refuted: [...refuted] }) }
}

export function withDifference(likelihoods: Likelihoods, difference: Difference): Likelihoods {
  return { ...likelihoods, differences: newest(likelihoods.differences, difference) }
}

/** Adds a difference, and drops the oldest beyond a limit. */
export function newest(before: readonly Difference[], difference: Difference): readonly Difference[] {
  return [...before, difference].slice(-MAX_DIFFERENCES)
}
