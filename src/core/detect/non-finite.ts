import type { Severity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface NonFiniteParams {
  /** How many finite values in a row end the incident. */
  readonly recoverySamples: number
}

type State = {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly firing: boolean
  readonly finiteInARow: number
}

/** A value that is NaN or ±Infinity. Immediate: there is no warm-up and no threshold. */
export const nonFinite: Detector<NonFiniteParams, State> = {
  rule: 'non-finite',
  version: 1,
  defaults: { recoverySamples: 10 },

  // The recomputed series are judged by `log-zero`, which knows why they are infinite.
  watches: (kind, metric) => kind === 'sample' && !metric.startsWith(RECOMPUTED_PREFIX),

  start: () => ({ lastFinite: null, lastFiniteStep: null, firing: false, finiteInARow: 0 }),

  step(state, seen, params) {
    if (seen.kind !== 'sample') return unchanged(state)
    const { sample, time, isPlaceholder = false } = seen

    if (isFinite(sample.value)) {
      const finiteInARow = state.firing ? state.finiteInARow + 1 : 0
      const recovered = state.firing && finiteInARow >= params.recoverySamples
      return {
        state: {
          lastFinite: sample.value,
          lastFiniteStep: sample.step,
          firing: state.firing && !recovered,
          finiteInARow: recovered ? 0 : finiteInARow,
        },
        findings: recovered ? [{ kind: 'clear', rule: 'non-finite', at: sightingOf(sample, time) }] : [],
      }
    }

    // A hole in the log is no incident: it neither begins nor prolongs one.
    if (isPlaceholder) return unchanged(state)

    const next = { ...state, firing: true, finiteInARow: 0 }
    if (state.firing) return unchanged(next)
    return {
      state: next,
      findings: [
        {
          kind: 'raise',
          rule: 'non-finite',
          severity: severityOf(sample.role, sample.metric, state.lastFinite !== null),
          at: sightingOf(sample, time),
          facts: { kind: 'non-finite', lastFinite: state.lastFinite, lastFiniteStep: state.lastFiniteStep },
        },
      ],
    }
  },
}

/**
 * A loss that is no number ends a run; a gradient norm may be one skipped mixed-precision step.
 *
 * InternEvo and others log NaN for a test set that was not evaluated: of one that never had a loss it says little.
 */
function severityOf(role: Role, metric: string, wasFinite: boolean): Severity {
  if (role === 'val_loss' && !wasFinite && metric.toLowerCase().includes('test')) return 'warning'
  if (role === 'train_loss' || role === 'val_loss') return 'critical'
  return role === 'other' && !metric.toLowerCase().includes('loss') ? 'info' : 'warning'
}
