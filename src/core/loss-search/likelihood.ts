import type { Reading } from './candidate.ts'

/** A batch whose reported loss is not the one recomputed, in the numbers that several of them are compared by. */
export type Difference = {
  readonly reported: number
  readonly mean: number
  readonly uniform: number | null
  readonly rows: number
  /** Per class, the sum of the losses of its rows and how many they are; empty for many classes. */
  readonly sums: readonly number[]
  readonly counts: readonly number[]
}

/** What the batches of one attempt have told of how its job computes the loss; plain JSON, and bounded. */
export type Theory = {
  readonly attempt: number
  /** Batches seen, with or without a reported loss. */
  readonly batches: number
  /** Batches whose reported loss was simply right. */
  readonly agreed: number
  /** Of the batches that were searched: how many each way explained, and how many it did not. */
  readonly tallies: Readonly<Record<string, readonly [explained: number, missed: number]>>
  readonly differences: readonly Difference[]
  /** The loss recomputed from the batch before; null where there is none, or it is not finite. */
  readonly previous: number | null
  readonly runningTotal: number
  readonly largestLogit: number
  /** Batches whose predictions held a NaN. */
  readonly damaged: number
}

export const NO_THEORY: Theory = {
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
/** A job may change how it reports, so that no number of batches makes a way impossible. */
const COST_OF_A_MISS = 0.01
const MAX_MISSES = 4
const MAX_COUNT = 1000

/** How likely a way is after what was seen, before the batch at hand. */
export function weightOf(reading: Reading, theory: Theory): number {
  if (reading.habit === 'once') return reading.prior
  const [, missed] = tallyOf(reading, theory)
  return reading.prior * COST_OF_A_MISS ** Math.min(missed, MAX_MISSES)
}

function tallyOf({ key, code, habit }: Reading, { tallies, agreed }: Theory): readonly [number, number] {
  return tallies[key] ?? [0, habit === 'always' && code !== null ? Math.min(agreed, MAX_MISSES) : 0]
}

/** Counts which ways explained a batch, and which did not. */
export function withSearched(
  theory: Theory,
  readings: readonly Reading[],
  explains: (reading: Reading) => boolean,
): Theory {
  const tallies: Record<string, readonly [number, number]> = { ...theory.tallies }
  for (const reading of readings) {
    if (reading.habit === 'once') continue
    const [explained, missed] = tallyOf(reading, theory)
    tallies[reading.key] = explains(reading)
      ? [Math.min(explained + 1, MAX_COUNT), missed]
      : [explained, Math.min(missed + 1, MAX_COUNT)]
  }
  return { ...theory, tallies }
}

export function withDifference(theory: Theory, difference: Difference): Theory {
  return { ...theory, differences: [...theory.differences, difference].slice(-MAX_DIFFERENCES) }
}
