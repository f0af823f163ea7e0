import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface OverfitParams {
  /** Evaluations before anything is said. */
  readonly warmupEvaluations: number
  /** Prechelt's generalisation loss: how far above its lowest, in per cent. */
  readonly percent: number
  /** How many evaluations in a row. */
  readonly evaluations: number
}

type State = {
  readonly attempt: number
  readonly count: number
  readonly best: number
  readonly bestStep: number | null
  readonly inARow: number
  readonly firing: boolean
}

const START: State = { attempt: 0, count: 0, best: 0, bestStep: null, inARow: 0, firing: false }

/** A validation loss that has turned: some per cent above its lowest for some evaluations in a row. */
export const overfit: Detector<OverfitParams, State> = {
  rule: 'overfit',
  version: 1,
  defaults: { warmupEvaluations: 4, percent: 10, evaluations: 5 },

  watches: (kind, _metric, role) => kind === 'sample' && role === 'val_loss',

  start: () => START,

  step(saved, seen, params) {
    if (seen.kind !== 'sample' || seen.isBehind || seen.sample.role !== 'val_loss') return unchanged(saved)
    if (!isFinite(seen.sample.value)) return unchanged(saved)
    const { sample, time } = seen
    const value = seen.sample.value
    // The best of a job that went on from a checkpoint is still its best.
    const state = sample.attempt === saved.attempt ? saved : { ...saved, attempt: sample.attempt, inARow: 0 }
    const count = state.count + 1
    const { attempt, firing } = state
    const at = sightingOf(sample, time)
    if (count === 1 || value <= state.best) {
      const next = { attempt, count, best: value, bestStep: sample.step, inARow: 0, firing: false }
      return { state: next, findings: firing ? [{ kind: 'clear', rule: 'overfit', at }] : [] }
    }

    const { best, bestStep } = state
    // A ratio says nothing of a loss that may be negative.
    const isAbove = best > 0 && value > best * (1 + params.percent / 100)
    const inARow = isAbove ? state.inARow + 1 : 0
    const next = { attempt, count, best, bestStep, inARow, firing }
    if (firing || count <= params.warmupEvaluations || inARow < params.evaluations) return unchanged(next)
    return {
      state: { ...next, firing: true },
      findings: [
        { kind: 'raise', rule: 'overfit', severity: 'warning', at, facts: { kind: 'overfit', best, bestStep, inARow } },
      ],
    }
  },
}
