import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface LearningRateJumpParams {
  /** How many values must have been seen: a warm-up begins near zero. */
  readonly warmupSamples: number
  /** How many times the value before, and how many times the largest of all before. */
  readonly ratio: number
}

type State = {
  readonly attempt: number
  readonly count: number
  readonly last: number
  readonly largest: number
  /** The learning rate that the incident began with; 0 while there is none. */
  readonly jumpedTo: number
}

const START: State = { attempt: 0, count: 0, last: 0, largest: 0, jumpedTo: 0 }

/** A learning rate that jumps beyond all it has been: cycles and restarts return to what they were, a wrong schedule does not. */
export const learningRateJump: Detector<LearningRateJumpParams, State> = {
  rule: 'learning-rate-jump',
  version: 1,
  defaults: { warmupSamples: 10, ratio: 3 },

  watches: (kind, _metric, role) => kind === 'sample' && role === 'learning_rate',

  start: () => START,

  step(saved, seen, { warmupSamples, ratio }) {
    if (seen.kind !== 'sample' || seen.isBehind || seen.sample.role !== 'learning_rate') return unchanged(saved)
    if (!isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    const state = sample.attempt === saved.attempt ? saved : { ...saved, attempt: sample.attempt, count: 0 }
    const { attempt, last, largest, jumpedTo } = state
    const count = state.count + 1
    const at = sightingOf(sample, time)
    if (jumpedTo > 0) {
      const isOver = value < jumpedTo / ratio
      const next = { attempt, count, last: value, largest, jumpedTo: isOver ? 0 : jumpedTo }
      return { state: next, findings: isOver ? [{ kind: 'clear', rule: 'learning-rate-jump', at }] : [] }
    }

    const isJump = count > warmupSamples && last > 0 && value / last > ratio && value / largest > ratio
    const next = { attempt, count, last: value, largest: isJump ? largest : Math.max(largest, value), jumpedTo: 0 }
    if (!isJump) return unchanged(next)
    const facts = { kind: 'learning-rate-jump' as const, before: last, largest }
    return {
      state: { ...next, jumpedTo: value },
      findings: [{ kind: 'raise', rule: 'learning-rate-jump', severity: 'warning', at, facts }],
    }
  },
}
