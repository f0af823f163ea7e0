import { isFinite } from '../../protocol/value.ts'
import { type Detector, unchanged } from './detector.ts'

export interface LogZeroParams {
  /** How many batches in a row without a log(0) end the incident. */
  readonly recoveryBatches: number
}

type State = { readonly firing: boolean; readonly cleanInARow: number; readonly critical: boolean }

/**
 * A batch in which the true class of some row has a probability of exactly 0.
 *
 * Its unclipped cross-entropy is infinite, whether or not the log has said so
 * yet. A job that computes its loss from logits survives that, so it is a
 * warning until the loss that the job reports is non-finite itself.
 */
export const logZero: Detector<LogZeroParams, State> = {
  rule: 'log-zero',
  version: 1,
  defaults: { recoveryBatches: 10 },

  watches: (kind) => kind === 'batch',

  start: () => ({ firing: false, cleanInARow: 0, critical: false }),

  step(state, seen, params) {
    if (seen.kind !== 'batch') return unchanged(state)
    const { at, measure, reportedLoss } = seen

    if (measure.zeroOnTruth.count === 0) {
      // A batch of NaN predictions says nothing about zeros: it neither ends nor prolongs the incident.
      if (!state.firing || measure.nan.count > 0) return unchanged(state)
      const cleanInARow = state.cleanInARow + 1
      if (cleanInARow < params.recoveryBatches) return unchanged({ ...state, cleanInARow })
      return {
        state: { firing: false, cleanInARow: 0, critical: false },
        findings: [{ kind: 'clear', rule: 'log-zero', at }],
      }
    }

    const critical = reportedLoss !== null && !isFinite(reportedLoss)
    const worse = !state.firing || (critical && !state.critical)
    return {
      state: { firing: true, cleanInARow: 0, critical: state.critical || critical },
      findings: worse
        ? [
            {
              kind: 'raise',
              rule: 'log-zero',
              severity: critical ? 'critical' : 'warning',
              at,
              facts: { kind: 'log-zero', measure, reportedLoss },
            },
          ]
        : [],
    }
  },
}
