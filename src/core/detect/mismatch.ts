import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { causeOf } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import { type LikeliestCause, likeliestCause } from '../loss-search/likeliest-cause.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'

type MismatchParams = {
  /** How many batches in a row must differ: one alone may be a coincidence of its numbers. */
  readonly confirmBatches: number
  /** How many batches in a row that agree end the incident. */
  readonly recoveryBatches: number
}

interface MismatchFacts {
  readonly measure: Symptoms
  readonly reportedLoss: MetricValue
}

type MismatchState = {
  readonly differInARow: number
  readonly agreeInARow: number
  readonly firing: boolean
  /** The cause of the newest loss of another file that differed; null before there is one. */
  readonly candidate: string | null
}

const QUIET: MismatchState = { differInARow: 0, agreeInARow: 0, firing: false, candidate: null }

/**
 * A finite loss that is not what the predictions of its batch give.
 *
 * It is a warning where the search names a cause that harms the training, and an
 * info where it does not: the job may use another loss than cross-entropy. A
 * loss in another file must differ for the same cause each time, for it may not
 * be the loss of this batch at all.
 */
export const mismatch: Detector<'mismatch', MismatchFacts, MismatchParams, MismatchState> = {
  name: 'mismatch',
  version: 2,
  defaults: { confirmBatches: 5, recoveryBatches: 10 },
  needs: ['samples', 'predictions'],
  leastValues: ({ confirmBatches }) => confirmBatches,
  document: {
    about: 'a finite loss is not what its predictions give',
    watches: 'predictions and their losses',
    fires: ({ confirmBatches }) =>
      `at ${confirmBatches} batches in a row whose finite loss is not what the predictions give, in the same record; or in another file, where all ${confirmBatches} are explained by the same cause`,
    severity: () => 'warning; info where nothing explains it, or what does is harmless',
  },

  // What is logged as probabilities may be none, and give the reported loss all the same.
  headline: (_at, { measure: { crossEntropy, badLabel, k, outOfRange, notNormalised }, reportedLoss }) => {
    const areNoProbabilities = outOfRange.count > 0 || notNormalised.count > 0
    if (short(reportedLoss) === short(crossEntropy))
      return areNoProbabilities
        ? `the reported loss is ${short(reportedLoss)}, which is computed from numbers that are no probabilities.`
        : `the reported loss is ${short(reportedLoss)}, and what the predictions give differs from it in later digits.`
    // Of targets beyond 0 and 1 there is no cross-entropy to compare with.
    return k === 1 && badLabel.count > 0
      ? `the reported loss is ${short(reportedLoss)}, which is not that of each guess and its own label.`
      : `the reported loss is ${short(reportedLoss)}, and the predictions give ${short(crossEntropy)}.`
  },

  watches: (kind) => kind === 'batch' || kind === 'pair',

  start: () => QUIET,

  step(state, seen, { confirmBatches, recoveryBatches }) {
    if (seen.kind !== 'batch' && seen.kind !== 'pair') return unchanged(state)
    const { measure, reportedLoss, lossSearch } = seen
    // A batch without a loss, or with one that is not finite, does not show how finite losses are computed.
    if (reportedLoss === null || !isFinite(reportedLoss)) return unchanged(state)

    if (lossSearch?.verdict !== 'differs') {
      if (!state.firing) return state.differInARow === 0 ? unchanged(state) : unchanged({ ...state, differInARow: 0 })
      const agreeInARow = state.agreeInARow + 1
      if (agreeInARow < recoveryBatches) return unchanged({ ...state, agreeInARow })
      return cleared(QUIET)
    }

    const likeliest = likeliestCause(lossSearch, measure, reportedLoss)
    const candidate = seen.kind === 'pair' && likeliest.kind === 'cause' ? likeliest.code : null
    if (seen.kind === 'pair' && candidate === null) return unchanged(state)
    const isSame = candidate === state.candidate || isWay(state.candidate)
    const differInARow = isSame ? Math.min(state.differInARow + 1, confirmBatches) : 1
    const isNew = !state.firing && differInARow >= confirmBatches
    const next = { differInARow, agreeInARow: 0, firing: state.firing || isNew, candidate }
    if (!isNew) return unchanged(next)
    return raised(next, isHarmful(likeliest) ? 'warning' : 'info', { measure, reportedLoss })
  },
}

function isHarmful(likeliest: LikeliestCause): boolean {
  return likeliest.kind === 'cause' && !(causeOf(likeliest.code)?.isHarmless ?? false)
}

/** Whether it is a way of computing the loss, of which several may have one cause. Builds before kept that. */
function isWay(candidate: string | null): boolean {
  return candidate !== null && causeOf(candidate) === null
}
