import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, powerOfTen } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type FrozenParams = {
  /** The fewest equal values in a row. */
  readonly equalSamples: number
  /** The largest probability of that many, by the log's own rate of repeats: a log of three digits repeats itself often. */
  readonly chance: number
  /** The fewest in a row where the loss has never had another value. */
  readonly constantSamples: number
  /** The same where the value has so many digits that rounding does not explain it. */
  readonly preciseSamples: number
}

interface FrozenFacts {
  readonly inARow: number
}

type FrozenState = {
  readonly attempt: number
  readonly last: Finite | null
  readonly inARow: number
  /** Pairs of neighbouring values, and how many of them were equal. Both fade. */
  readonly pairs: number
  readonly repeats: number
  /** The longest row of equal values that came to an end: what a log has done once it may do again. */
  readonly longest: number
  readonly firing: boolean
}

const START: FrozenState = { attempt: 0, last: null, inARow: 0, pairs: 0, repeats: 0, longest: 0, firing: false }
const FADING = 0.999
/** How many times as long as the longest row that ended a new one must be. */
const LONGER = 3
/** A value of so many significant digits is the same in the next batch only where nothing is computed anew. */
const PRECISE_DIGITS = 6

/** A loss that repeats itself exactly: the optimizer does not step, or an old value is logged again. */
export const frozen: Detector<'frozen', FrozenFacts, FrozenParams, FrozenState> = perAttempt({
  name: 'frozen',
  version: 1,
  defaults: { equalSamples: 10, chance: 1e-9, constantSamples: 50, preciseSamples: 12 },
  needs: ['samples'],
  leastValues: ({ equalSamples }) => equalSamples,
  failureSign: { weight: 25 },
  document: {
    about: 'a loss repeats itself to the last digit',
    watches: 'training losses',
    fires: ({ equalSamples, chance, constantSamples, preciseSamples }) =>
      `at n equal values in a row: n ≥ ${equalSamples}, ${inWords(LONGER)} times the longest row before, and pⁿ ≤ ${powerOfTen(chance)} by the log's own rate p of repeats; ${constantSamples} where it was never anything else, ${preciseSamples} of these where the value has ${PRECISE_DIGITS} digits or more`,
    severity: () => 'warning',
  },

  headline: saysValue,

  roles: ['train_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  fold(state, { attempt, value }, params) {
    const { firing } = state
    // A small loss may end at exactly 0, so zeros do not count. A NaN that is hidden behind a 0 is found by `masked-nan`.
    if (value !== state.last || value === 0) {
      const isRun = state.inARow > 1
      const next = {
        attempt,
        last: value,
        inARow: 1,
        pairs: state.last === null ? 0 : state.pairs * FADING + 1 + (isRun && !firing ? state.inARow - 1 : 0),
        repeats: state.repeats * FADING + (isRun && !firing ? state.inARow - 1 : 0),
        longest: Math.max(state.longest, value === state.last ? 1 : state.inARow),
        firing: false,
      }
      return firing ? cleared(next) : unchanged(next)
    }

    const inARow = state.inARow + 1
    const { pairs, repeats, longest } = state
    const next = { attempt, last: value, inARow, pairs, repeats, longest, firing }
    if (firing || inARow < neededIn(state, params)) return unchanged(next)
    return raised({ ...next, firing: true }, 'warning', { inARow })
  },
})

/** From how many equal values in a row on the log's own repeats do not explain them. */
function neededIn(state: FrozenState, params: FrozenParams): number {
  if (state.pairs > 0) return moreThanOwnRepeats(state, params)
  return isPrecise(state.last ?? 0) ? params.preciseSamples : params.constantSamples
}

/** The same for a series that has had more than one value. */
export function moreThanOwnRepeats(
  { pairs, repeats, longest }: Pick<FrozenState, 'pairs' | 'repeats' | 'longest'>,
  { equalSamples, chance }: Pick<FrozenParams, 'equalSamples' | 'chance'>,
): number {
  return Math.max(equalSamples, LONGER * longest, Math.log(chance) / Math.log((repeats + 1) / (pairs + 2)))
}

/** Whether a value has so many significant digits that it does not come again by rounding. */
export function isPrecise(value: number): boolean {
  return value.toExponential().replace(/e.*/, '').replace(/\D/g, '').length >= PRECISE_DIGITS
}
