import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL } from './level.ts'

export interface ExplodingParams {
  readonly warmupSamples: number
  /** How many times its level the loss must stand at. */
  readonly ratio: number
  /** After how many rises in a row. */
  readonly rises: number
  /** How many values below twice the old level end the incident. */
  readonly recoverySamples: number
}

type State = {
  /** The pass over the steps that all of this is about. */
  readonly attempt: number
  readonly level: Level
  readonly last: number
  readonly risesInARow: number
  readonly firing: boolean
  readonly calmInARow: number
}

const CALM_RATIO = 2

const START: State = { attempt: 0, level: NO_LEVEL, last: 0, risesInARow: 0, firing: false, calmInARow: 0 }

/**
 * Sustained growth: a loss at ten times its level that has risen three times in a row.
 *
 * The level is that of before the growth: values that rise beyond it are held
 * out, or a slow enough explosion would carry its own reference along. Most
 * explosions come within the first five steps, so the first value is a level.
 */
export const exploding: Detector<ExplodingParams, State> = {
  rule: 'exploding',
  version: 1,
  defaults: { warmupSamples: 1, ratio: 10, rises: 3, recoverySamples: 10 },

  watches: (kind, _metric, role) => kind === 'sample' && (role === 'train_loss' || role === 'val_loss'),

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'sample' || seen.isBehind || !isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    // A job that went back is where its checkpoint was, or at the very beginning: its level is not this one.
    const state = sample.attempt === saved.attempt ? saved : { ...START, attempt: sample.attempt, firing: saved.firing }
    const risesInARow = state.level.count > 0 && value > state.last ? state.risesInARow + 1 : 0
    if (state.level.count < params.warmupSamples) {
      return unchanged({ ...state, level: foldLevel(state.level, value), last: value, risesInARow })
    }

    const seenAt = deviation(state.level, value)
    const calm = seenAt.ratio < CALM_RATIO
    const next = {
      ...state,
      level: calm ? foldLevel(state.level, value) : state.level,
      last: value,
      risesInARow,
      calmInARow: state.firing && calm ? state.calmInARow + 1 : 0,
    }
    if (!state.firing && seenAt.ratio >= params.ratio && risesInARow >= params.rises) {
      const facts = { kind: 'exploding' as const, level: seenAt.level, ratio: seenAt.ratio, risesInARow }
      return {
        state: { ...next, firing: true },
        findings: [{ kind: 'raise', rule: 'exploding', severity: 'critical', at: sightingOf(sample, time), facts }],
      }
    }
    if (state.firing && next.calmInARow >= params.recoverySamples) {
      return {
        state: { ...next, firing: false, calmInARow: 0 },
        findings: [{ kind: 'clear', rule: 'exploding', at: sightingOf(sample, time) }],
      }
    }
    return unchanged(next)
  },
}
