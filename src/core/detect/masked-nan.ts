import type { Role } from '../../protocol/sample.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import type { HidingReason } from '../records/format.ts'
import type { Detector } from './detector.ts'
import { cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { times } from './threshold-wording.ts'

type MaskedNanParams = {
  /** From how many hidden values in a row on the run is dead, though its log looks alive. */
  readonly criticalInARow: number
  /** How many visible values in a row end the incident. */
  readonly recoverySamples: number
}

interface MaskedNanFacts {
  readonly reason: HidingReason
  readonly detail: string
  readonly inARow: number
}

type MaskedNanState = {
  readonly maskedInARow: number
  readonly clearInARow: number
  readonly firing: boolean
  readonly critical: boolean
  /** The largest of the newest losses. It fades, so a loss that sinks slowly to exactly 0 is not strange. */
  readonly level: number
  readonly zerosInARow: number
}

const QUIET: MaskedNanState = {
  maskedInARow: 0,
  clearInARow: 0,
  firing: false,
  critical: false,
  level: 0,
  zerosInARow: 0,
}

/** A loss above this does not come to exactly 0 by learning. */
const LEVEL = 0.01
const LEVEL_FADING = 0.9
/** A single zero may be chance, this many in a row are not. */
const ZEROS = 2

/**
 * A value that the framework hides from its log, such as a NaN loss that is logged as 0.
 *
 * A single one may be a bad batch that the framework survives. Many in a row are
 * a dead run whose log looks alive.
 */
export const maskedNan: Detector<'masked-nan', MaskedNanFacts, MaskedNanParams, MaskedNanState> = {
  name: 'masked-nan',
  version: 2,
  defaults: { criticalInARow: 10, recoverySamples: 10 },
  needs: ['samples', 'hidden-values'],
  failureSign: { weight: 60 },
  document: {
    about: 'the log hides a NaN, for example behind a 0',
    watches: 'losses, and what the formats unmask',
    fires: () =>
      `at a value that the log hides; at a loss of exactly 0 ${times(ZEROS)} in a row where it stood above ${LEVEL}`,
    severity: ({ criticalInARow }) => `warning; critical after ${criticalInARow} in a row`,
  },

  headline: (at) => `the log hides a NaN in ${at.metric}.`,

  watches: (kind, _metric, role) => kind === 'hidden' || (kind === 'sample' && isLoss(role)),

  start: () => QUIET,

  step(state, seen, { criticalInARow, recoverySamples }) {
    if (seen.kind === 'sample') {
      const zeros = withZeros(state, seen.sample.value)
      if (zeros.zerosInARow === ZEROS && !state.firing) return hiddenBehindZero(zeros)
      return afterSample(zeros, recoverySamples)
    }

    if (seen.kind !== 'hidden') return unchanged(state)
    const maskedInARow = Math.min(state.maskedInARow + 1, criticalInARow)
    // A loss that repeats itself to the last digit may also have stopped changing, which is no reason to be critical.
    const isSure = isLoss(seen.at.role) && seen.reason !== 'repeated-loss'
    const critical = state.critical || (isSure && maskedInARow >= criticalInARow)
    const isWorse = !state.firing || (critical && !state.critical)
    const next = { ...state, maskedInARow, clearInARow: 0, firing: true, critical }
    if (!isWorse) return unchanged(next)
    const { reason, detail } = seen
    return raised(next, critical ? 'critical' : 'warning', { reason, detail, inARow: maskedInARow })
  },
}

/** The outcome of a sample. A hidden value in its place may still be reported right after it. */
function afterSample(state: MaskedNanState, recoverySamples: number): RuleOutcome<MaskedNanState, never> {
  if (!state.firing) return unchanged(state)
  // Zeros in a row prolong the incident.
  if (state.zerosInARow > 0) return unchanged({ ...state, clearInARow: 0 })
  const clearInARow = state.clearInARow + 1
  // The first sample after a hidden value may itself stand in the place of the next one, so it does not count yet.
  if (clearInARow <= 1) return unchanged({ ...state, clearInARow })
  if (clearInARow <= recoverySamples) return unchanged({ ...state, clearInARow, maskedInARow: 0 })
  return cleared({ ...QUIET, level: state.level })
}

/** Raises an incident for a loss of exactly 0, twice in a row. No model learns that in a step, but averages that leave NaN out are 0. */
function hiddenBehindZero(state: MaskedNanState): RuleOutcome<MaskedNanState, MaskedNanFacts> {
  const detail = `The loss is exactly 0 ${times(ZEROS)} in a row and was well above it before: loggers that leave NaN out of their average write 0.`
  const next = { ...state, maskedInARow: ZEROS, clearInARow: 0, firing: true }
  return raised(next, 'warning', { reason: 'zero-loss', detail, inARow: ZEROS })
}

function withZeros(state: MaskedNanState, value: MetricValue): MaskedNanState {
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
