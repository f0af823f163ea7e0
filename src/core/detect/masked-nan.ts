import type { Role } from '../../protocol/sample.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { type Detector, type Observation, type Outcome, sightingOf, unchanged } from './detector.ts'

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
  /** The largest loss of late; it fades, and so does what a loss of exactly 0 is strange after. */
  readonly level: number
  readonly zerosInARow: number
}

const QUIET: State = {
  maskedInARow: 0,
  clearInARow: 0,
  firing: false,
  critical: false,
  level: 0,
  zerosInARow: 0,
}

/** A loss that was above it does not come to exactly 0 by learning. */
const LEVEL = 0.01
const LEVEL_FADING = 0.9
/** What one zero is by chance, a second one is not. */
const ZEROS = 2

/**
 * A value that the framework hides from its log, such as a NaN loss that is logged as 0.
 *
 * One may be a single bad batch that the framework survives; many in a row are
 * a dead run whose log looks alive.
 */
export const maskedNan: Detector<MaskedNanParams, State> = {
  rule: 'masked-nan',
  version: 2,
  defaults: { criticalInARow: 10, recoverySamples: 10 },

  watches: (kind, _metric, role) => kind === 'mask' || (kind === 'sample' && isLoss(role)),

  start: () => QUIET,

  step(state, seen, { criticalInARow, recoverySamples }) {
    if (seen.kind === 'sample') {
      const zeros = withZeros(state, seen.sample.value)
      if (zeros.zerosInARow === ZEROS && !state.firing) return hiddenBehindZero(zeros, seen)
      return afterSample(zeros, seen, recoverySamples)
    }

    if (seen.kind !== 'mask') return unchanged(state)
    const maskedInARow = Math.min(state.maskedInARow + 1, criticalInARow)
    // A loss that stands still to the last digit may as well have come to its end.
    const isSure = isLoss(seen.at.role) && seen.reason !== 'repeated-loss'
    const critical = state.critical || (isSure && maskedInARow >= criticalInARow)
    const isWorse = !state.firing || (critical && !state.critical)
    return {
      state: { ...state, maskedInARow, clearInARow: 0, firing: true, critical },
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

type SeenSample = Extract<Observation, { kind: 'sample' }>

/** A sample that nothing was told of yet: what hides it may follow right behind. */
function afterSample(state: State, { sample, time }: SeenSample, recoverySamples: number): Outcome<State> {
  if (!state.firing) return unchanged(state)
  // Zeros in a row are what the incident is about.
  if (state.zerosInARow > 0) return unchanged({ ...state, clearInARow: 0 })
  const clearInARow = state.clearInARow + 1
  // A hidden value is told of right behind the sample that stands in its place.
  if (clearInARow <= 1) return unchanged({ ...state, clearInARow })
  if (clearInARow <= recoverySamples) return unchanged({ ...state, clearInARow, maskedInARow: 0 })
  return {
    state: { ...QUIET, level: state.level },
    findings: [{ kind: 'clear', rule: 'masked-nan', at: sightingOf(sample, time) }],
  }
}

/** A loss of exactly 0, again: nothing learns that in one step, and averages that leave NaNs out do come to it. */
function hiddenBehindZero(state: State, { sample, time }: SeenSample): Outcome<State> {
  const detail =
    'The loss is exactly 0 twice in a row and was well above it before: loggers that leave NaN out of their average write 0.'
  const facts = { kind: 'masked-nan' as const, reason: 'zero-loss' as const, detail, inARow: ZEROS }
  return {
    state: { ...state, maskedInARow: ZEROS, clearInARow: 0, firing: true },
    findings: [{ kind: 'raise', rule: 'masked-nan', severity: 'warning', at: sightingOf(sample, time), facts }],
  }
}

function withZeros(state: State, value: MetricValue): State {
  if (!isFinite(value)) return state
  const { maskedInARow, clearInARow, firing, critical } = state
  const isStrange = value === 0 && (state.zerosInARow > 0 || state.level > LEVEL)
  const zerosInARow = isStrange ? state.zerosInARow + 1 : 0
  const level = isStrange ? state.level : Math.max(Math.abs(value), state.level * LEVEL_FADING)
  return { maskedInARow, clearInARow, firing, critical, level, zerosInARow }
}

function isLoss(role: Role): boolean {
  return role === 'train_loss' || role === 'val_loss'
}
