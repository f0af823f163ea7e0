import { isFinite } from '../../protocol/value.ts'
import { causeOf } from '../causes/index.ts'
import { type LikeliestCause, likeliestCause } from '../loss-search/likeliest-cause.ts'
import { type Detector, unchanged } from './detector.ts'

export interface MismatchParams {
  /** How many batches in a row must differ: one alone may be a coincidence of its numbers. */
  readonly confirmBatches: number
  /** How many batches in a row that agree end the incident. */
  readonly recoveryBatches: number
}

type State = {
  readonly differInARow: number
  readonly agreeInARow: number
  readonly firing: boolean
  /** How the newest loss of another file that differed was computed; null before there is one. */
  readonly way: string | null
}

const QUIET: State = { differInARow: 0, agreeInARow: 0, firing: false, way: null }

/**
 * A finite loss that is not what the predictions of its batch give.
 *
 * A warning where the search names something that harms the training, and for
 * information where it does not: the loss may be another one than cross-entropy.
 * A loss that stands in another file must differ in the same way each time,
 * for it may not be that of the batch at all.
 */
export const mismatch: Detector<MismatchParams, State> = {
  rule: 'mismatch',
  version: 2,
  defaults: { confirmBatches: 5, recoveryBatches: 10 },

  watches: (kind) => kind === 'batch' || kind === 'pair',

  start: () => QUIET,

  step(state, seen, { confirmBatches, recoveryBatches }) {
    if (seen.kind !== 'batch' && seen.kind !== 'pair') return unchanged(state)
    const { at, measure, reportedLoss, account } = seen
    // A batch without a loss, or with one that failed, tells nothing of how finite ones are computed.
    if (reportedLoss === null || !isFinite(reportedLoss)) return unchanged(state)

    if (account?.verdict !== 'differs') {
      if (!state.firing) return state.differInARow === 0 ? unchanged(state) : unchanged({ ...state, differInARow: 0 })
      const agreeInARow = state.agreeInARow + 1
      if (agreeInARow < recoveryBatches) return unchanged({ ...state, agreeInARow })
      return {
        state: QUIET,
        findings: [{ kind: 'clear', rule: 'mismatch', at }],
      }
    }

    const conclusion = likeliestCause(account, measure, reportedLoss)
    const way = seen.kind === 'pair' && conclusion.kind === 'cause' ? conclusion.candidate.key : null
    if (seen.kind === 'pair' && way === null) return unchanged(state)
    const differInARow = way === state.way ? Math.min(state.differInARow + 1, confirmBatches) : 1
    const isNew = !state.firing && differInARow >= confirmBatches
    return {
      state: { differInARow, agreeInARow: 0, firing: state.firing || isNew, way },
      findings: isNew
        ? [
            {
              kind: 'raise',
              rule: 'mismatch',
              severity: isHarmful(conclusion) ? 'warning' : 'info',
              at,
              facts: { kind: 'mismatch', measure, reportedLoss },
            },
          ]
        : [],
    }
  },
}

function isHarmful(conclusion: LikeliestCause): boolean {
  return conclusion.kind === 'cause' && !(causeOf(conclusion.code)?.isHarmless ?? false)
}
