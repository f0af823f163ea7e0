import { isFinite } from '../../protocol/value.ts'
import { type Detector, sightingOf, unchanged } from './detector.ts'

export interface NegativeLossParams {
  /** How far below zero is more than rounding. */
  readonly below: number
  /** How many values in a row that are not negative end the incident. */
  readonly recoverySamples: number
}

type State = { readonly firing: boolean; readonly calmInARow: number }

const QUIET: State = { firing: false, calmInARow: 0 }

/** Words of a metric's name that promise a negative logarithm of a probability, or its exponential. */
const NEVER_NEGATIVE = new Set(['ce', 'xent', 'xe', 'bce', 'nll', 'crossentropy', 'logloss', 'perplexity', 'ppl'])

/** A loss below zero whose name says cross-entropy, which never is: targets outside [0, 1], or scores taken for log-probabilities. */
export const negativeLoss: Detector<NegativeLossParams, State> = {
  rule: 'negative-loss',
  version: 1,
  defaults: { below: 1e-4, recoverySamples: 20 },

  watches: (kind, metric) => kind === 'sample' && isNeverNegative(metric),

  start: () => QUIET,

  step(state, seen, { below, recoverySamples }) {
    if (seen.kind !== 'sample' || !isFinite(seen.sample.value)) return unchanged(state)
    const { sample, time } = seen
    if (seen.sample.value < -below) {
      if (state.firing) return unchanged({ firing: true, calmInARow: 0 })
      return {
        state: { firing: true, calmInARow: 0 },
        findings: [
          {
            kind: 'raise',
            rule: 'negative-loss',
            severity: 'warning',
            at: sightingOf(sample, time),
            facts: { kind: 'negative-loss' },
          },
        ],
      }
    }
    if (!state.firing) return unchanged(state)
    const calmInARow = state.calmInARow + 1
    if (calmInARow < recoverySamples) return unchanged({ firing: true, calmInARow })
    return { state: QUIET, findings: [{ kind: 'clear', rule: 'negative-loss', at: sightingOf(sample, time) }] }
  },
}

function isNeverNegative(metric: string): boolean {
  const words = metric.toLowerCase().split(/[^a-z]/)
  return words.some((word, at) => NEVER_NEGATIVE.has(word) || NEVER_NEGATIVE.has(word + (words[at + 1] ?? '')))
}
