import { isFinite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type NegativeLossParams = {
  /** How far below zero is more than rounding. */
  readonly below: number
  /**
   * From where on the first value of an NLL shows that it may be that of a density, which falls through zero as it learns.
   * Where scores are taken for log-probabilities it begins near zero, and one of probabilities is negative from the start.
   */
  readonly densityFrom: number
  /** How many values in a row that are not negative end the incident. */
  readonly recoverySamples: number
}

type NegativeLossState = {
  readonly firing: boolean
  readonly calmInARow: number
  /** Whether its name and its first value are those of a density; not there before that value. */
  readonly isDensity?: boolean
}

const QUIET: NegativeLossState = { firing: false, calmInARow: 0 }

/** Words in the name of a metric that mean a negative logarithm of a probability, or its exponential. */
const NEVER_NEGATIVE = new Set(['ce', 'xent', 'xe', 'bce', 'nll', 'crossentropy', 'logloss', 'perplexity', 'ppl'])

/** A loss below zero whose name says that it never can be: targets are outside [0, 1], or scores are taken for log-probabilities. */
export const negativeLoss: Detector<'negative-loss', null, NegativeLossParams, NegativeLossState> = {
  name: 'negative-loss',
  version: 1,
  defaults: { below: 1e-4, densityFrom: 0.5, recoverySamples: 20 },
  needs: ['samples'],
  document: {
    about: 'a loss is below zero, and its name says that it never can be',
    watches: 'metrics named cross-entropy, NLL, BCE, log loss, perplexity',
    fires: ({ below, densityFrom }) =>
      `below −${below}; not an NLL whose first value was ${densityFrom} or more, for that of a density falls through zero`,
    severity: () => 'warning',
  },

  headline: saysValue,

  watches: (kind, metric) => kind === 'sample' && isNeverNegative(metric),

  start: () => QUIET,

  step(state, seen, params) {
    if (seen.kind !== 'sample' || !isFinite(seen.sample.value)) return unchanged(state)
    const { metric, value } = seen.sample
    if (state.isDensity === undefined && !isNeverNegative(metric)) return unchanged(state)
    const { isDensity = isOnlyNll(metric) && value >= params.densityFrom } = state
    if (value < -params.below && !isDensity) {
      const next = { firing: true, calmInARow: 0, isDensity }
      return state.firing ? unchanged(next) : raised(next, 'warning', null)
    }
    if (!state.firing) return unchanged(state.isDensity === undefined ? { ...state, isDensity } : state)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < params.recoverySamples) return unchanged({ firing: true, calmInARow, isDensity })
    return cleared({ ...QUIET, isDensity })
  },
}

function isNeverNegative(metric: string): boolean {
  return wordsOfKind(metric).length > 0
}

/** Whether a name says no more than that it is a negative log-likelihood, which may be one of a density. */
function isOnlyNll(metric: string): boolean {
  return wordsOfKind(metric).every((word) => word === 'nll')
}

function wordsOfKind(metric: string): readonly string[] {
  const words = metric.toLowerCase().split(/[^a-z]/)
  return words.filter((word, at) => NEVER_NEGATIVE.has(word) || NEVER_NEGATIVE.has(word + (words[at + 1] ?? '')))
}
