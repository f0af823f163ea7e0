import { type Finite, isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface FrozenParams {
  /** The fewest equal values in a row. */
  readonly equalSamples: number
  /** How unlikely so many must be by the log's own rate of repeats; a log of three digits repeats itself often. */
  readonly chance: number
  /** The fewest in a row of a loss that has never been anything else. */
  readonly constantSamples: number
}

type State = {
  readonly attempt: number
  readonly last: Finite | null
  readonly inARow: number
  /** Pairs of values that followed each other, and how many of them were equal; both fade. */
  readonly pairs: number
  readonly repeats: number
  /** The most equal values in a row that ended: what a log has done it may do again. */
  readonly longest: number
  readonly firing: boolean
}

const START: State = { attempt: 0, last: null, inARow: 0, pairs: 0, repeats: 0, longest: 0, firing: false }
const FADING = 0.999
/** How many times the longest row of repeats that ended a longer one must be. */
const LONGER = 3

/** A loss that repeats itself exactly: the optimizer does not step, or the value that is logged is not computed anew. */
export const frozen: Detector<FrozenParams, State> = {
  rule: 'frozen',
  version: 1,
  defaults: { equalSamples: 10, chance: 1e-9, constantSamples: 50 },

  watches: (kind, _metric, role) => kind === 'sample' && role === 'train_loss',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'sample' || seen.isBehind || !isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    const state = sample.attempt === saved.attempt ? saved : { ...START, attempt: sample.attempt, firing: saved.firing }
    const { attempt, firing } = state
    // Zero is where a small loss ends; that a NaN is hidden behind it `masked-nan` tells.
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
      return {
        state: next,
        findings: firing ? [{ kind: 'clear', rule: 'frozen', at: sightingOf(sample, time) }] : [],
      }
    }

    const inARow = state.inARow + 1
    const { pairs, repeats, longest } = state
    const next = { attempt, last: value, inARow, pairs, repeats, longest, firing }
    if (firing || inARow < neededIn(state, params)) return unchanged(next)
    return {
      state: { ...next, firing: true },
      findings: [
        {
          kind: 'raise',
          rule: 'frozen',
          severity: 'warning',
          at: sightingOf(sample, time),
          facts: { kind: 'frozen', inARow },
        },
      ],
    }
  },
}

/** How many equal values in a row the log's own repeats do not explain. */
function neededIn({ pairs, repeats, longest }: State, { equalSamples, chance, constantSamples }: FrozenParams): number {
  if (pairs === 0) return constantSamples
  return Math.max(equalSamples, LONGER * longest, Math.log(chance) / Math.log((repeats + 1) / (pairs + 2)))
}
