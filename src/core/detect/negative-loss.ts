import { isFinite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { saysValue } from './wording.ts'

type NegativeLossParams = {
  /** How far below zero is more than rounding. */
  readonly below: number
  /** How many values in a row that are not negative end the incident. */
  readonly recoverySamples: number
}

type NegativeLossState = { readonly firing: boolean; readonly calmInARow: number }

const QUIET: NegativeLossState = { firing: false, calmInARow: 0 }

/** Words in the name of a metric that mean a negative logarithm of a probability, or its exponential. */
const NEVER_NEGATIVE = new Set(['ce', 'xent', 'xe', 'bce', 'nll', 'crossentropy', 'logloss', 'perplexity', 'ppl'])

/** A loss below zero whose name says that it never can be: targets are outside [0, 1], or scores are taken for log-probabilities. */
export const negativeLoss: Detector<'negative-loss', null, NegativeLossParams, NegativeLossState> = {
  name: 'negative-loss',
  version: 1,
  defaults: { below: 1e-4, recoverySamples: 20 },
  needs: ['samples'],
  document: {
    about: 'a loss is below zero, and its name says that it never can be',
    watches: 'metrics named cross-entropy, NLL, BCE, log loss, perplexity',
    fires: ({ below }) => `below −${below}`,
    severity: () => 'warning',
  },

  headline: saysValue,

  watches: (kind, metric) => kind === 'sample' && isNeverNegative(metric),

  start: () => QUIET,

  step(state, seen, { below, recoverySamples }) {
    if (seen.kind !== 'sample' || !isFinite(seen.sample.value)) return unchanged(state)
    if (seen.sample.value < -below) {
      const next = { firing: true, calmInARow: 0 }
      return state.firing ? unchanged(next) : raised(next, 'warning', null)
    }
    if (!state.firing) return unchanged(state)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < recoverySamples) return unchanged({ firing: true, calmInARow })
    return cleared(QUIET)
  },
}

function isNeverNegative(metric: string): boolean {
  const words = metric.toLowerCase().split(/[^a-z]/)
  return words.some((word, at) => NEVER_NEGATIVE.has(word) || NEVER_NEGATIVE.has(word + (words[at + 1] ?? '')))
}
