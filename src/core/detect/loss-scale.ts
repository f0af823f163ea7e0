import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { grouped, inWords } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type LossScaleParams = {
  /** At this scale or below there is nothing left to halve. */
  readonly minimum: number
  /** By which factor it must have fallen without a rise in between: ten halvings are a factor of 1024. */
  readonly collapse: number
  /** How many values in a row above the minimum, without a fall, end the incident. */
  readonly recoverySamples: number
}

interface LossScaleFacts {
  readonly largest: number
  readonly falls: number
}

type LossScaleState = {
  readonly attempt: number
  /** The scale from which it fell, and the number of falls since then without a rise. */
  readonly from: number
  readonly falls: number
  readonly last: number
  readonly firing: boolean
  readonly calmInARow: number
}

/** Near it the scale of float16 settles. Megatron begins at 2³². */
const USUAL_SCALE = 2 ** 16
/** One fall alone may be a scale that somebody set. */
const LEAST_FALLS = 2

const START: LossScaleState = { attempt: 0, from: 0, falls: 0, last: 0, firing: false, calmInARow: 0 }

/**
 * A loss scale of mixed precision that collapses: every step overflows, so the gradients are NaN at any scale.
 *
 * Single halvings are normal: they are how the scale finds its value. A scale
 * that is 1 from the beginning is switched off.
 */
export const lossScale: Detector<'loss-scale', LossScaleFacts, LossScaleParams, LossScaleState> = perAttempt({
  name: 'loss-scale',
  version: 1,
  defaults: { minimum: 1, collapse: 1024, recoverySamples: 50 },
  needs: ['samples'],
  failureSign: { weight: 15 },
  leastValues: () => LEAST_FALLS + 1,
  document: {
    about: 'the loss scale of mixed precision collapses',
    watches: 'loss scales',
    fires: ({ collapse, minimum }) =>
      `when it fell ${grouped(collapse)}-fold, or to ${minimum}, by ${inWords(LEAST_FALLS)} falls or more without a rise; from its first value on counted from ${grouped(USUAL_SCALE)} at most`,
    severity: () => 'warning',
  },

  headline: saysValue,

  roles: ['loss_scale'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  fold(state, { attempt, value }, params) {
    const rose = value > state.last
    const falls = rose ? 0 : state.falls + (value < state.last ? 1 : 0)
    // A first scale is a guess, from which it is halved at each step until no gradient overflows.
    const from = state.last === 0 ? Math.min(value, USUAL_SCALE) : rose ? value : state.from
    const next = { attempt, from, falls, last: value, firing: state.firing, calmInARow: 0 }
    const isGone = falls >= LEAST_FALLS && (value <= params.minimum || from / value >= params.collapse)
    if (isGone && !state.firing) return raised({ ...next, firing: true }, 'warning', { largest: from, falls })
    if (!state.firing || value <= params.minimum || value < state.last) return unchanged(next)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < params.recoverySamples) return unchanged({ ...next, calmInARow })
    return cleared({ ...next, from: value, falls: 0, firing: false })
  },
})
