import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface LossScaleParams {
  /** At or below it there is nothing left to halve. */
  readonly minimum: number
  /** How many times it must have fallen in a row of values that never rose: ten halvings are a thousandth. */
  readonly collapse: number
  /** How many values above the minimum that do not fall end the incident. */
  readonly recoverySamples: number
}

type State = {
  readonly attempt: number
  /** The scale that the falls began from, and how many there were since without a rise. */
  readonly from: number
  readonly falls: number
  readonly last: number
  readonly firing: boolean
  readonly calmInARow: number
}

const START: State = { attempt: 0, from: 0, falls: 0, last: 0, firing: false, calmInARow: 0 }

/**
 * The loss scale of mixed precision that collapses: every step overflows, so gradients are NaN at any scale.
 *
 * Single halvings are how the scale finds its place. A scale that is 1 from the
 * beginning is off.
 */
export const lossScale: Detector<LossScaleParams, State> = {
  rule: 'loss-scale',
  version: 1,
  defaults: { minimum: 1, collapse: 1024, recoverySamples: 50 },

  watches: (kind, _metric, role) => kind === 'sample' && role === 'loss_scale',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'sample' || seen.isBehind || seen.sample.role !== 'loss_scale') return unchanged(saved)
    if (!isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    const state = sample.attempt === saved.attempt ? saved : { ...START, attempt: sample.attempt, firing: saved.firing }
    const rose = value > state.last
    const falls = rose ? 0 : state.falls + (value < state.last ? 1 : 0)
    const from = rose ? value : state.from
    const next = { attempt: state.attempt, from, falls, last: value, firing: state.firing, calmInARow: 0 }
    const at = sightingOf(sample, time)
    const isGone = falls > 1 && (value <= params.minimum || from / value >= params.collapse)
    if (isGone && !state.firing) {
      const facts = { kind: 'loss-scale' as const, largest: from, falls }
      return {
        state: { ...next, firing: true },
        findings: [{ kind: 'raise', rule: 'loss-scale', severity: 'warning', at, facts }],
      }
    }
    if (!state.firing || value <= params.minimum || value < state.last) return unchanged(next)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < params.recoverySamples) return unchanged({ ...next, calmInARow })
    const settled = { ...next, from: value, falls: 0, firing: false }
    return { state: settled, findings: [{ kind: 'clear', rule: 'loss-scale', at }] }
  },
}
