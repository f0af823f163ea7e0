import type { Detector } from './detector.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type OverfitParams = {
  /** Evaluations before anything is said. */
  readonly warmupEvaluations: number
  /** Prechelt's generalisation loss: how far above its lowest value the loss must be, in per cent. */
  readonly percent: number
  /** For how many evaluations in a row it must be so. */
  readonly evaluations: number
}

interface OverfitFacts {
  readonly best: number
  readonly bestStep: number | null
  readonly inARow: number
}

type OverfitState = {
  readonly attempt: number
  readonly count: number
  readonly best: number
  readonly bestStep: number | null
  readonly inARow: number
  readonly firing: boolean
}

const START: OverfitState = { attempt: 0, count: 0, best: 0, bestStep: null, inARow: 0, firing: false }

/** A validation loss that rises again: it is some per cent above its lowest value for several evaluations in a row. */
export const overfit: Detector<'overfit', OverfitFacts, OverfitParams, OverfitState> = perAttempt({
  name: 'overfit',
  version: 1,
  defaults: { warmupEvaluations: 4, percent: 10, evaluations: 5 },
  needs: ['samples'],
  leastValues: ({ warmupEvaluations, evaluations }) => Math.max(warmupEvaluations, evaluations) + 1,
  judgesCourse: true,
  document: {
    about: 'a validation loss has turned and rises',
    watches: 'validation losses',
    fires: ({ percent, evaluations }) =>
      `Prechelt's GL = 100 (L / best − 1) > ${percent} for ${evaluations} evaluations in a row; the training loss is not compared`,
    severity: () => 'warning',
  },

  headline: saysValue,

  roles: ['val_loss'],
  start: START,
  // A job that goes on from a checkpoint keeps the lowest loss that it has had.
  kept: ({ count, best, bestStep, firing }) => ({ count, best, bestStep, firing }),

  fold(state, { attempt, step, value }, params) {
    const { firing } = state
    const count = state.count + 1
    if (count === 1 || value <= state.best) {
      const next = { attempt, count, best: value, bestStep: step, inARow: 0, firing: false }
      return firing ? cleared(next) : unchanged(next)
    }

    const { best, bestStep } = state
    // A ratio is meaningless for a loss that may be negative.
    const isAbove = best > 0 && value > best * (1 + params.percent / 100)
    const inARow = isAbove ? state.inARow + 1 : 0
    const next = { attempt, count, best, bestStep, inARow, firing }
    if (firing || count <= params.warmupEvaluations || inARow < params.evaluations) return unchanged(next)
    return raised({ ...next, firing: true }, 'warning', { best, bestStep, inARow })
  },
})
