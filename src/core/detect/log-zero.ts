import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { isInFull, isInHalves, type Symptoms } from '../measure/symptoms.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { short } from './wording.ts'

type LogZeroParams = {
  /** How many batches in a row without a log(0) end the incident. */
  readonly recoveryBatches: number
}

interface LogZeroFacts {
  readonly measure: Symptoms
  readonly reportedLoss: MetricValue | null
}

type LogZeroState = { readonly firing: boolean; readonly cleanInARow: number; readonly critical: boolean }

const QUIET: LogZeroState = { firing: false, cleanInARow: 0, critical: false }

/**
 * A batch in which the true class of some row has a probability of exactly 0.
 *
 * Its unclipped cross-entropy is infinite, whether or not the log says so. A job
 * that computes its loss from logits survives that, so the incident is a warning
 * until the reported loss is not finite. That loss may be read after the batch,
 * and in another file.
 */
export const logZero: Detector<'log-zero', LogZeroFacts, LogZeroParams, LogZeroState> = {
  name: 'log-zero',
  version: 1,
  defaults: { recoveryBatches: 10 },
  needs: ['predictions'],
  failureSign: { weight: 40 },
  document: {
    about: 'predictions give a true class a probability of 0: log(0) is infinite',
    watches: 'predictions',
    fires: () =>
      'at a row that gave its true class a probability of 0; not in a log that rounds to few decimals, where it may be another number, and in float16 and bfloat16 only beside a loss that has failed',
    severity: () => 'warning; critical with a non-finite loss',
  },

  headline: (_at, { measure }) => `the unclipped cross-entropy of the predictions is ${short(measure.crossEntropy)}.`,

  watches: (kind) => kind === 'batch' || kind === 'failed-batch',

  start: () => QUIET,

  step(state, seen, params) {
    if (seen.kind === 'failed-batch') {
      const { measure, reportedLoss } = seen
      return hasZero(measure, reportedLoss) ? raised(state, 'critical', { measure, reportedLoss }) : unchanged(state)
    }
    if (seen.kind !== 'batch') return unchanged(state)
    const { measure, reportedLoss } = seen

    if (!hasZero(measure, reportedLoss)) {
      // A batch with NaN predictions shows nothing about zeros, so it neither ends nor prolongs the incident.
      if (!state.firing || measure.nan.count > 0) return unchanged(state)
      const cleanInARow = state.cleanInARow + 1
      if (cleanInARow < params.recoveryBatches) return unchanged({ ...state, cleanInARow })
      return cleared(QUIET)
    }

    const critical = reportedLoss !== null && !isFinite(reportedLoss)
    const worse = !state.firing || (critical && !state.critical)
    const next = { firing: true, cleanInARow: 0, critical: state.critical || critical }
    return worse ? raised(next, critical ? 'critical' : 'warning', { measure, reportedLoss }) : unchanged(next)
  },
}

/**
 * Whether a true class has a probability of 0, as far as the numbers can show it.
 *
 * A log of few decimals never does, and one in half a precision only where the loss has failed.
 */
function hasZero(measure: Symptoms, reportedLoss: MetricValue | null): boolean {
  const hasFailed = reportedLoss !== null && !isFinite(reportedLoss)
  return measure.zeroOnTruth.count > 0 && isInFull(measure) && (hasFailed || !isInHalves(measure))
}
