import type { Severity } from '../../protocol/alert.ts'
import type { Role, Sample } from '../../protocol/sample.ts'
import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import { isLossLike, isPlainRole, phaseOf } from '../records/fields.ts'
import type { Detector } from './detector.ts'
import { cleared, type RuleFinding, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type NonFiniteParams = {
  /** How many finite values in a row end the incident. */
  readonly recoverySamples: number
}

interface NonFiniteFacts {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
}

type NonFiniteState = {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly firing: boolean
  readonly finiteInARow: number
  /** How many values in a row are not finite, of a divergence beside a policy. */
  readonly brokenInARow?: number
}

/** One divergence of a policy that is no number is noted. One that stays so enters its loss, or is no bound any more. */
const STAYS_BROKEN = 3

/**
 * The end for a gradient norm: NaN gradients that reach the weights stay. What the loss does after such a norm is for
 * `bad-gradient`.
 */
const PASSED: RuleFinding<never> = {
  kind: 'clear',
  calledOff: 'The gradient norms are finite again.',
}

/** A value that is NaN or ±Infinity. The first one is enough: there is no warm-up and no threshold. */
export const nonFinite: Detector<'non-finite', NonFiniteFacts, NonFiniteParams, NonFiniteState> = {
  name: 'non-finite',
  version: 1,
  defaults: { recoverySamples: 10 },
  needs: ['samples'],
  failureSign: { weight: 70 },
  document: {
    about: 'a value is NaN or infinite',
    watches: 'every series of the log',
    fires: () => 'at the first NaN, +∞ or −∞; no warm-up',
    severity: () =>
      `critical for a loss, and for the loss of an actor or a critic where a policy learns and no whole loss is logged; warning or info for others; a KL divergence beside a policy is noted, and warned of at the ${STAYS_BROKEN}rd such value in a row; info where gradient norms became finite again`,
  },

  headline: saysValue,

  // The recomputed series are left to `log-zero`, which knows why they are infinite.
  watches: (kind, metric) => kind === 'sample' && !metric.startsWith(RECOMPUTED_PREFIX),

  start: () => ({ lastFinite: null, lastFiniteStep: null, firing: false, finiteInARow: 0 }),

  step(state, seen, params) {
    if (seen.kind !== 'sample') return unchanged(state)
    const { sample, isPlaceholder = false, hasPolicy = false, hasPolicyOfParts = false } = seen

    if (isFinite(sample.value)) {
      const finiteInARow = state.firing ? state.finiteInARow + 1 : 0
      const recovered = state.firing && finiteInARow >= params.recoverySamples
      const next = {
        lastFinite: sample.value,
        lastFiniteStep: sample.step,
        firing: state.firing && !recovered,
        finiteInARow: recovered ? 0 : finiteInARow,
      }
      if (!recovered) return unchanged(next)
      return sample.role === 'grad_norm' ? { state: next, findings: [PASSED] } : cleared(next)
    }

    // A hole in the log neither begins nor prolongs an incident.
    if (isPlaceholder) return unchanged(state)

    const brokenInARow = hasPolicy && sample.role === 'kl' ? (state.brokenInARow ?? 0) + 1 : undefined
    const next = { ...state, firing: true, finiteInARow: 0, ...(brokenInARow === undefined ? {} : { brokenInARow }) }
    const { lastFinite, lastFiniteStep } = state
    const severity =
      hasPolicyOfParts && isOfNetwork(sample) ? 'critical' : severityOf(sample.role, sample.metric, lastFinite !== null)
    if (state.firing) {
      if (brokenInARow !== STAYS_BROKEN || severity !== 'info') return unchanged(next)
      return raised(next, 'warning', { lastFinite, lastFiniteStep })
    }
    return raised(next, severity, { lastFinite, lastFiniteStep })
  },
}

/** Whether a value is a loss that a network of a policy is trained by: its entropy and its divergence are none. */
function isOfNetwork({ metric, role }: Sample): boolean {
  return role === 'other' && isLossLike(metric) && phaseOf(metric) !== 'validation'
}

/**
 * How severe a non-finite value is: a loss ends the run, while a gradient norm may be one skipped step of mixed precision.
 *
 * InternEvo and others log NaN for a test set that was not evaluated. So the
 * loss of a test set that was never finite is only a warning.
 */
function severityOf(role: Role, metric: string, wasFinite: boolean): Severity {
  if (role === 'val_loss' && !wasFinite && metric.toLowerCase().includes('test')) return 'warning'
  if (role === 'train_loss' || role === 'val_loss') return 'critical'
  return isPlainRole(role) && !metric.toLowerCase().includes('loss') ? 'info' : 'warning'
}
