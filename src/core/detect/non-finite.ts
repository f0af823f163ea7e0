import type { Severity } from '../../protocol/alert.ts'
import { RECOMPUTED_PREFIX, type Sample } from '../../protocol/sample.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import type { TermsBeside } from '../causes/circumstances.ts'
import { isLossLike, isLossRole, isPlainRole, lossKindOf } from '../records/fields.ts'
import { areOfOnePhase, isOfPreferences, termKindOf } from '../records/loss-terms.ts'
import type { Detector, SeenSample } from './detector.ts'
import { cleared, type RuleFinding, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type NonFiniteParams = {
  /** How many finite values in a row end the incident. */
  readonly recoverySamples: number
}

interface NonFiniteFacts {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly beside?: LossesBeside
}

/** What stands beside a value that is not finite. */
interface LossesBeside {
  /** The other losses of its record, by name: those that are not finite either, and those that are. */
  readonly lost: readonly string[]
  readonly kept: readonly string[]
  /** Whether predictions could say why: not where the target moves, nor of a part of a loss. */
  readonly isOfPredictions: boolean
  /** The terms of a loss. A state of an older version has none. */
  readonly terms?: TermsBeside
}

type NonFiniteState = {
  readonly lastFinite: Finite | null
  readonly lastFiniteStep: number | null
  readonly firing: boolean
  readonly finiteInARow: number
  /** How many values in a row are not finite, where that is not told at once for what it is. */
  readonly brokenInARow?: number
}

/**
 * From so many in a row on it stays broken: a divergence of a policy enters its loss then, or is no bound any more, and a
 * part of a loss is no single odd batch.
 */
const STAYS_BROKEN = 3
/** Where so much of the loss is no number, the rest does not save it. */
const MOST = 0.5
/** So many losses beside it are named. */
const MOST_NAMES = 4

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
      `critical for a loss; for a part of it, where the file logs no whole one, when half of the parts of its record or the gradient norm are not finite, when a policy learns, or at the ${STAYS_BROKEN}rd such value in a row, else warning; where no loss is logged, critical for a value that was finite before when most of its record are not; warning or info for others; info for a loss that never was a number beside another one that is, and for a perplexity that is infinite from its first value on where it is the only loss; a KL divergence beside a policy is noted, and warned of at the ${STAYS_BROKEN}rd such value in a row; info where gradient norms became finite again`,
  },

  headline: saysValue,

  // The recomputed series are left to `log-zero`, which knows why they are infinite.
  watches: (kind, metric) => kind === 'sample' && !metric.startsWith(RECOMPUTED_PREFIX),

  start: () => ({ lastFinite: null, lastFiniteStep: null, firing: false, finiteInARow: 0 }),

  step(state, seen, params) {
    if (seen.kind !== 'sample') return unchanged(state)
    const { sample, isPlaceholder = false } = seen

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

    const graverWhenStays = whenStays(seen)
    const brokenInARow = graverWhenStays === null ? undefined : (state.brokenInARow ?? 0) + 1
    const next = { ...state, firing: true, finiteInARow: 0, ...(brokenInARow === undefined ? {} : { brokenInARow }) }
    const { lastFinite, lastFiniteStep } = state
    const facts = { lastFinite, lastFiniteStep, beside: lossesBeside(seen) }
    const severity = severityOf(seen, lastFinite !== null)
    if (!state.firing) return raised(next, severity, facts)
    if (brokenInARow !== STAYS_BROKEN || graverWhenStays === null) return unchanged(next)
    return raised(next, graverWhenStays, facts)
  },
}

/** What a value becomes that stays broken; null where it is told at once for what it is. */
function whenStays({ sample, hasPolicy = false, isPart = false }: SeenSample): Severity | null {
  if (isPart && (isLossRole(sample.role) || sample.role === 'objective')) return 'critical'
  return hasPolicy && sample.role === 'kl' ? 'warning' : null
}

function lossesBeside(seen: SeenSample): LossesBeside {
  const { sample, beside = [], hasMovingTarget = false, isPart = false } = seen
  const others = beside.filter(
    ({ metric, role }) => metric !== sample.metric && (isLossRole(role) || isLossLike(metric)),
  )
  const named = (some: readonly Sample[]) => some.slice(0, MOST_NAMES).map(({ metric }) => metric)
  return {
    lost: named(others.filter(({ value }) => !isFinite(value))),
    kept: named(others.filter(({ value }) => isFinite(value))),
    isOfPredictions: isLossRole(sample.role) && !isPart && !hasMovingTarget,
    ...(isLossRole(sample.role) && { terms: termsBeside(seen) }),
  }
}

function termsBeside({ sample, beside = [], isPart = false, hasPolicy = false }: SeenSample): TermsBeside {
  const { metric, role } = sample
  const terms = beside.flatMap((other) => {
    const kind = other.metric === metric ? null : termKindOf(other.metric, other.role)
    return kind === null || !areOfOnePhase(metric, other.metric)
      ? []
      : [{ metric: other.metric, value: other.value, kind }]
  })
  return {
    lost: terms.filter(({ value }) => !isFinite(value)).slice(0, MOST_NAMES),
    kept: terms.filter(({ kind, value }) => isFinite(value) && kind !== 'term or measure').slice(0, MOST_NAMES),
    isSum: !isPart && termKindOf(metric, role) === null,
    isOfPolicy: hasPolicy || beside.some((other) => isOfPreferences(other.metric)),
  }
}

/**
 * How severe a non-finite value is: a loss ends the run, while a gradient norm may be one skipped step of mixed precision.
 *
 * InternEvo and others log NaN for a test set that was not evaluated. So the
 * loss of a test set that was never finite is only a warning.
 */
function severityOf(seen: SeenSample, wasFinite: boolean): Severity {
  const { role, metric } = seen.sample
  const { isPart = false, hasPolicy = false, brokenShare = 0, gradientNorm, otherLosses = [] } = seen
  if (role === 'val_loss' && !wasFinite && metric.toLowerCase().includes('test')) return 'warning'
  // The exponential of a loss overflows before it has learned anything.
  if (isPart && seen.sample.value === 'Infinity' && !wasFinite && lossKindOf(metric) === 'unit') return 'info'
  // The divergence or the entropy of a policy enters the gradient as a part of its loss.
  if (isPart && typeof gradientNorm === 'string') return 'critical'
  if (isLossRole(role) || (isPart && role === 'objective')) {
    // A bar may show a loss that the job never sets beside the one that it trains by.
    if (!isPart) return role === 'train_loss' && !wasFinite && otherLosses.length > 0 ? 'info' : 'critical'
    return brokenShare >= MOST || hasPolicy || typeof gradientNorm === 'string' ? 'critical' : 'warning'
  }
  if (role === 'other' && wasFinite && brokenShare > MOST) return 'critical'
  return role !== 'loss_part' && isPlainRole(role) && !metric.toLowerCase().includes('loss') ? 'info' : 'warning'
}
