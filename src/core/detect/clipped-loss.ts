import { CLIP_CONSTANTS } from '../measure/clip-constants.ts'
import { decimalsOf } from '../measure/printed.ts'
import { type ClipFit, clipFitting, fits, SAME_NATS, STUCK_SHARE } from './clip-fit.ts'
import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, percent } from './threshold-wording.ts'
import { saysValue, short } from './wording.ts'

type ClippedLossParams = {
  /** How many losses in a row begin an incident, and how many others end it. */
  readonly samples: number
}

interface ClippedLossFacts extends ClipFit {
  readonly samples: number
}

type ClippedLossState = {
  readonly attempt: number
  /** The newest losses, of which any two are the same or well apart. */
  readonly row: readonly number[]
  /** While an incident stands: what its losses are made of, and how many in a row were not. */
  readonly fit: ClipFit | null
  readonly awayInARow: number
  /** How many of the first losses were looked at, and the most decimals that they were written with. */
  readonly firsts: number
  readonly decimals: number
  /** The largest loss so far. */
  readonly highest: number
}

const START: ClippedLossState = { attempt: 0, row: [], fit: null, awayInARow: 0, firsts: 0, decimals: 0, highest: 0 }
/** So many losses show how many decimals a log writes. */
const FIRSTS = 8
/** A share of the least constant is no smaller, and one of the largest is no larger. */
const LOWEST = 1
const HIGHEST = 101
/** Two shares of one constant are the same, or so far from each other. */
const APART_NATS = 0.05

/**
 * A loss that stands at what a row costs beyond a clip, or at a share of it: those rows have no gradient.
 *
 * The losses of steps are that constant times the count of such rows in the batch. One loss that has such a value says
 * nothing.
 */
export const clippedLoss: Detector<'clipped-loss', ClippedLossFacts, ClippedLossParams, ClippedLossState> = perAttempt({
  name: 'clipped-loss',
  version: 2,
  defaults: { samples: 10 },
  needs: ['samples'],
  leastValues: ({ samples }) => samples,
  failureSign: { weight: 42 },
  document: {
    about: 'a loss stands at −ln of a usual clip, or at a share of it: wrong rows have no gradient',
    watches: 'training losses, and validation losses, whose target does not move',
    fires: ({ samples }) =>
      `at ${inWords(samples)} losses in a row that are all ${percent(STUCK_SHARE)} or more of one of ${CLIP_CONSTANTS.map(({ nats }) => short(nats)).join(', ')}: the constant itself, or it times a share of one small count of rows, to all digits that the log prints, so that chance does not explain it; at one multiple of 100 only where the loss rose to it`,
    severity: () => 'warning',
  },

  headline: saysValue,

  roles: ['train_loss', 'val_loss'],
  start: START,
  kept: ({ fit }) => ({ fit }),

  calm(state, { attempt, values, hasMovingTarget, isPart }, { samples }) {
    if (state.fit !== null || state.firsts < FIRSTS || state.awayInARow > 0) return null
    // The row is a part of all losses: it begins at `start`, and ends behind the last that is not too small or too large.
    const losses = new Float64Array(state.row.length + values.length)
    losses.set(state.row)
    let start = 0
    let end = state.row.length
    let { highest } = state
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      highest = Math.max(highest, value)
      if (value < LOWEST || value > HIGHEST || hasMovingTarget || isPart) start = end
      else {
        start = Math.max(start, lastNear(losses, start, end, value) + 1, end + 1 - samples)
        losses[end++] = value
        if (end - start >= samples) return null
      }
    }
    const isSame = highest === state.highest && start === end && state.row.length === 0
    return isSame ? state : { ...withoutRow({ ...state, highest }, attempt), row: [...losses.subarray(start, end)] }
  },

  fold(saved, { attempt, value }, { samples }, { hasMovingTarget = false, isPart = false }) {
    const state = withLoss(saved, value)
    const { fit } = state
    if (fit !== null) {
      const awayInARow = fits(value, fit) && value >= STUCK_SHARE * fit.nats ? 0 : state.awayInARow + 1
      if (awayInARow >= samples) return cleared(withoutRow(state, attempt))
      return awayInARow === state.awayInARow ? unchanged(state) : unchanged({ ...state, attempt, awayInARow })
    }
    // An error in percent that acts as the loss is a share of 100 as well.
    if (value < LOWEST || value > HIGHEST || hasMovingTarget || isPart) {
      return unchanged(state.row.length === 0 ? state : withoutRow(state, attempt))
    }
    const row = withNext(state.row, value, samples)
    const next = { ...withoutRow(state, attempt), row }
    const found = row.length < samples ? null : clipFitting(row, state)
    return found === null
      ? unchanged(next)
      : raised({ ...next, row: [], fit: found }, 'warning', { ...found, samples: row.length })
  },
})

function withoutRow({ firsts, decimals, highest }: ClippedLossState, attempt: number): ClippedLossState {
  return { ...START, attempt, firsts, decimals, highest }
}

/** The state after what one more loss shows of the series. It is the same where that is nothing new. */
function withLoss(state: ClippedLossState, value: number): ClippedLossState {
  const { firsts, decimals, highest } = state
  if (firsts === FIRSTS && value <= highest) return state
  const isFirst = firsts < FIRSTS
  return {
    ...state,
    firsts: isFirst ? firsts + 1 : firsts,
    decimals: isFirst ? Math.max(decimals, decimalsOf(value)) : decimals,
    highest: Math.max(highest, value),
  }
}

/** The row after one more loss. What is near a loss of it, and not the same, ends the row there. */
function withNext(row: readonly number[], value: number, samples: number): readonly number[] {
  return [...row.slice(Math.max(lastNear(row, 0, row.length, value) + 1, row.length + 1 - samples)), value]
}

/** The last loss of a row that a value is near, and not the same; what stands before the row for none. */
function lastNear(losses: ArrayLike<number>, start: number, end: number, value: number): number {
  let at = end - 1
  for (; at >= start; at--) {
    const distance = Math.abs(losses[at]! - value)
    if (distance > SAME_NATS && distance < APART_NATS) break
  }
  return at
}
