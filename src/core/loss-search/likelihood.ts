import type { LossCandidate } from './candidate.ts'

/** A batch whose reported loss is not the recomputed one, in the numbers by which several of them are compared. */
export type Difference = {
  readonly reported: number
  readonly mean: number
  readonly uniform: number | null
  readonly rows: number
  /** The sum of the losses of each class and its number of rows; empty for many classes. */
  readonly sums: readonly number[]
  readonly counts: readonly number[]
}

/** What the batches of one attempt say for and against each candidate; plain JSON, and bounded. */
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
/** A job may change how it reports, so no number of batches makes a candidate impossible. */
const LIKELIHOOD_OF_A_MISS = 0.01
const MAX_MISSES = 4
const MAX_COUNT = 1000

/** How likely a candidate is after the batches before this one: its prior times its likelihood, not normalised. */
export function posteriorOf(candidate: LossCandidate, likelihoods: Likelihoods): number {
  if (candidate.occurs === 'once') return candidate.prior
  const [, missed] = countsOf(candidate, likelihoods)
  return candidate.prior * LIKELIHOOD_OF_A_MISS ** Math.min(missed, MAX_MISSES)
}

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

/** Keeps a difference among the newest. */
export function withDifference(likelihoods: Likelihoods, difference: Difference): Likelihoods {
  return { ...likelihoods, differences: [...likelihoods.differences, difference].slice(-MAX_DIFFERENCES) }
}
