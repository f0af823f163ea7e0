import type { Role } from '../../protocol/sample.ts'
import { type Detector, unchanged } from './detector.ts'

export interface MaskedNanParams {
  /** How many hidden values in a row are no passing fault: the run is dead though its log looks alive. */
  readonly criticalInARow: number
  /** How many values in a row that are not hidden end the incident. */
  readonly recoverySamples: number
}

type State = {
  readonly maskedInARow: number
  readonly clearInARow: number
  readonly firing: boolean
  readonly critical: boolean
}

const QUIET: State = { maskedInARow: 0, clearInARow: 0, firing: false, critical: false }

/**
 * A value that the framework hides from its log, such as a NaN loss that is logged as 0.
 *
 * One may be a single bad batch that the framework survives; many in a row are
 * a dead run whose log looks alive.
 */
export const maskedNan: Detector<MaskedNanParams, State> = {
  rule: 'masked-nan',
  version: 1,
  defaults: { criticalInARow: 10, recoverySamples: 10 },

  watches: (kind, _metric, role) => kind === 'mask' || (kind === 'sample' && isLoss(role)),

  start: () => QUIET,

  step(state, seen, { criticalInARow, recoverySamples }) {
    if (seen.kind === 'batch') return unchanged(state)
    if (seen.kind === 'sample') {
      if (!state.firing) return unchanged(state)
      const clearInARow = state.clearInARow + 1
      // A hidden value is told of right behind the sample that stands in its place.
      if (clearInARow <= 1) return unchanged({ ...state, clearInARow })
      if (clearInARow <= recoverySamples) return unchanged({ ...state, clearInARow, maskedInARow: 0 })
      const { metric, role, attempt, step, offset, value } = seen.sample
      const at = { metric, role, attempt, step, offset, value, time: seen.time }
      return { state: QUIET, findings: [{ kind: 'clear', rule: 'masked-nan', at }] }
    }

    const maskedInARow = Math.min(state.maskedInARow + 1, criticalInARow)
    // A loss that stands still to the last digit may as well have come to its end.
    const isSure = isLoss(seen.at.role) && seen.reason !== 'repeated-loss'
    const critical = state.critical || (isSure && maskedInARow >= criticalInARow)
    const isWorse = !state.firing || (critical && !state.critical)
    return {
      state: { maskedInARow, clearInARow: 0, firing: true, critical },
      findings: isWorse
        ? [
            {
              kind: 'raise',
              rule: 'masked-nan',
              severity: critical ? 'critical' : 'warning',
              at: seen.at,
              facts: { kind: 'masked-nan', reason: seen.reason, detail: seen.detail, inARow: maskedInARow },
            },
          ]
        : [],
    }
  },
}

function isLoss(role: Role): boolean {
  return role === 'train_loss' || role === 'val_loss'
}
