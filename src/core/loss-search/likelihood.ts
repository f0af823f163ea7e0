import type { LossCandidate } from './candidate.ts'

/** A batch whose reported loss differs from the recomputed one, as the numbers by which several such batches are compared. */
export type Difference = {
  readonly reported: number
  readonly mean: number
  readonly uniform: number | null
  readonly rows: number
  /** The sum of the losses of each class and its number of rows; empty for many classes. */
  readonly sums: readonly number[]
  readonly counts: readonly number[]
}

/** The evidence of the batches of one attempt for and against each candidate; plain JSON, and bounded. */
export type Likelihoods = {
  readonly attempt: number
  /** Batches seen, with or without a reported loss. */
  readonly batches: number
  /** Batches whose reported loss was simply right. */
  readonly agreed: number
  /** How many of the searched batches each candidate explained, and how many it did not. */
  readonly tallies: Readonly<Record<string, readonly [explained: number, missed: number]>>
  readonly differences: readonly Difference[]
  /** The loss recomputed from the batch before; null where there is none, or it is not finite. */
  readonly previous: number | null
  readonly runningTotal: number
  readonly largestLogit: number
  /** Batches whose predictions held a NaN. */
  readonly damaged: number
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
  const [, missed] = countsOf(candidate, likelihoods)
  return candidate.prior * LIKELIHOOD_OF_A_MISS ** Math.min(missed, MAX_MISSES)
}

/**
 * How many batches a candidate explained, and how many it missed.
 *
 * A candidate that was not searched for yet, and that would make every loss
 * wrong, has missed each batch whose loss was right.
 */
function countsOf({ key, code, occurs }: LossCandidate, { tallies, agreed }: Likelihoods): readonly [number, number] {
  return tallies[key] ?? [0, occurs === 'always' && code !== null ? Math.min(agreed, MAX_MISSES) : 0]
}

/** Counts which candidates explained a batch, and which did not. */
export function withSearched(
  likelihoods: Likelihoods,
  candidates: readonly LossCandidate[],
  explains: (candidate: LossCandidate) => boolean,
): Likelihoods {
  const tallies: Record<string, readonly [number, number]> = { ...likelihoods.tallies }
  for (const candidate of candidates) {
    if (candidate.occurs === 'once') continue
    const [explained, missed] = countsOf(candidate, likelihoods)
    tallies[candidate.key] = explains(candidate)
      ? [Math.min(explained + 1, MAX_COUNT), missed]
      : [explained, Math.min(missed + 1, MAX_COUNT)]
  }
  return { ...likelihoods, tallies }
}

/** Adds a difference, and drops the oldest beyond a limit. */
export function withDifference(likelihoods: Likelihoods, difference: Difference): Likelihoods {
  return { ...likelihoods, differences: [...likelihoods.differences, difference].slice(-MAX_DIFFERENCES) }
}
