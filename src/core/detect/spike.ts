import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL } from './level.ts'

export interface SpikeParams {
  readonly warmupSamples: number
  /** The smallest distance from the level, in spreads. */
  readonly z: number
  /** The smallest ratio to the level that matters in practice. */
  readonly ratio: number
  /** How many values near the level in a row end the incident. */
  readonly recoverySamples: number
}

type State = {
  /** The pass over the steps that all of this is about. */
  readonly attempt: number
  readonly level: Level
  readonly firing: boolean
  readonly calmInARow: number
}

const CALM_Z = 3

const START: State = { attempt: 0, level: NO_LEVEL, firing: false, calmInARow: 0 }

/** A loss far above its own recent past: `level.ts` says how far, in spreads and as a ratio. */
export const spike: Detector<SpikeParams, State> = {
  rule: 'spike',
  version: 1,
  defaults: { warmupSamples: 50, z: 6, ratio: 1.25, recoverySamples: 20 },

  watches: (kind, _metric, role) => kind === 'sample' && (role === 'train_loss' || role === 'val_loss'),

  start: () => START,

  step(saved, seen, params) {
    // A non-finite value is the business of `non-finite`; in the level it would stay for ever.
    if (seen.kind !== 'sample' || seen.isBehind || !isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    // A job that went back is where its checkpoint was, or at the very beginning: that is no spike.
    const state = sample.attempt === saved.attempt ? saved : { ...START, attempt: sample.attempt, firing: saved.firing }
    const level = foldLevel(state.level, value)
    if (state.level.count < params.warmupSamples) return unchanged({ ...state, level })

    const seenAt = deviation(state.level, value)
    const isSpike = seenAt.z > params.z && seenAt.ratio > params.ratio
    if (isSpike) {
      // Spikes recover; what does not is reported by `exploding` and `non-finite`.
      const severity = 'warning' as const
      const facts = { kind: 'spike' as const, ...seenAt }
      return {
        state: { ...state, level, firing: true, calmInARow: 0 },
        findings: state.firing ? [] : [{ kind: 'raise', rule: 'spike', severity, at: sightingOf(sample, time), facts }],
      }
    }
    if (!state.firing) return unchanged({ ...state, level })
    const calmInARow = seenAt.z < CALM_Z ? state.calmInARow + 1 : 0
    const over = calmInARow >= params.recoverySamples
    return {
      state: { ...state, level, firing: !over, calmInARow: over ? 0 : calmInARow },
      findings: over ? [{ kind: 'clear', rule: 'spike', at: sightingOf(sample, time) }] : [],
    }
  },
}
