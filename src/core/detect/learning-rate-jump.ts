import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'
import { saysJump } from './wording.ts'

type LearningRateJumpParams = {
  /** How many values must have been seen before: a warm-up begins near zero. */
  readonly warmupSamples: number
  /** How many times the value before it must be, and how many times the largest of all before. */
  readonly ratio: number
}

interface LearningRateJumpFacts {
  readonly before: number
  readonly largest: number
}

type LearningRateJumpState = {
  readonly attempt: number
  readonly count: number
  readonly last: number
  readonly largest: number
  /** The learning rate that began the incident; 0 while there is no incident. */
  readonly jumpedTo: number
}

const START: LearningRateJumpState = { attempt: 0, count: 0, last: 0, largest: 0, jumpedTo: 0 }

/** A learning rate that jumps far beyond all earlier ones. Cycles and restarts return to earlier values, a wrong schedule does not. */
export const learningRateJump: Detector<
  'learning-rate-jump',
  LearningRateJumpFacts,
  LearningRateJumpParams,
  LearningRateJumpState
> = perAttempt({
  name: 'learning-rate-jump',
  version: 1,
  defaults: { warmupSamples: 10, ratio: 3 },
  needs: ['samples'],
  document: {
    about: 'the learning rate jumps far above all that it has been',
    watches: 'learning rates',
    fires: ({ ratio, warmupSamples }) =>
      `at ${times(ratio)} the value before and the largest before, after ${warmupSamples} values`,
    severity: () => 'warning',
  },

  headline: saysJump,

  roles: ['learning_rate'],
  start: START,
  kept: ({ last, largest, jumpedTo }) => ({ last, largest, jumpedTo }),

  calm(state, { attempt, values }, { warmupSamples, ratio }) {
    let { count, last, largest } = state
    if (state.jumpedTo > 0) return null
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      count++
      if (count > warmupSamples && last > 0 && value / last > ratio && value / largest > ratio) return null
      last = value
      largest = Math.max(largest, value)
    }
    return { attempt, count, last, largest, jumpedTo: 0 }
  },

  fold(state, { attempt, value }, { warmupSamples, ratio }) {
    const { last, largest, jumpedTo } = state
    const count = state.count + 1
    if (jumpedTo > 0) {
      const isOver = value < jumpedTo / ratio
      const next = { attempt, count, last: value, largest, jumpedTo: isOver ? 0 : jumpedTo }
      return isOver ? cleared(next) : unchanged(next)
    }

    const isJump = count > warmupSamples && last > 0 && value / last > ratio && value / largest > ratio
    const next = { attempt, count, last: value, largest: isJump ? largest : Math.max(largest, value), jumpedTo: 0 }
    if (!isJump) return unchanged(next)
    return raised({ ...next, jumpedTo: value }, 'warning', { before: last, largest })
  },
})
