import type { Role } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import { mayBeRate } from '../records/fields.ts'
import type { HidingReason } from '../records/format.ts'
import { isFarFromZero, SteadyWay, type WayDown, wayDownAfter } from '../records/way-down.ts'
import type { Detector, SeenSample } from './detector.ts'
import { calledOff, cleared, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, times } from './threshold-wording.ts'

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
  /** How the loss has come down; not there before the first that was not 0. */
  readonly way?: WayDown | undefined
  /** How many zeros there were among the newest values, and how many values. Both fade. Not there before a row of zeros has ended. */
  readonly zeros?: number
  readonly values?: number
  /** The longest row of zeros that came to an end: what a log has done once it may do again. Not there before one has. */
  readonly longestZeros?: number
  /** While it fires: whether anything but zeros shows that a NaN is hidden. Not there where nothing does. */
  readonly isEvident?: boolean
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
/** How many times as long as the longest row of zeros that ended a new one must be. */
const LONGER = 3
/** The largest probability of a row of zeros, by the rate of zeros of the log, that is strange. */
const CHANCE = 1e-4
const FADING = 0.999
/** So many times as many zeros beside a gradient norm of 0 are a dead run: no batch holds anything to learn from. */
const DOUBTFUL_FACTOR = 10
const CAME_BACK =
  'The loss came back from 0 by itself, so it was no NaN: batches in which nothing counts, such as empty ones, have a loss of 0.'

/**
 * A value that the framework hides from its log, such as a NaN loss that is logged as 0.
 *
 * A single one may be a bad batch that the framework survives. Many in a row are
 * a dead run whose log looks alive.
 */
export const maskedNan: Detector<'masked-nan', MaskedNanFacts, MaskedNanParams, MaskedNanState> = {
  name: 'masked-nan',
  version: 3,
  defaults: { criticalInARow: 10, recoverySamples: 10 },
  needs: ['samples', 'hidden-values'],
  failureSign: { weight: 60 },
  document: {
    about: 'the log hides a NaN, for example behind a 0',
    watches: 'losses, and what the formats unmask',
    fires: () =>
      `at a value that the log hides; at a loss of exactly 0 ${times(ZEROS)} in a row, and ${inWords(LONGER)} times as often as it has come back from, and more often than a chance of ${CHANCE} by its own rate of zeros once it has come back, where it stood above ${LEVEL}, 0 is not on the way that it has come, no gradient norm above 0 stands beside it, no predictions give about 0 and its target does not move`,
    severity: ({ criticalInARow }) =>
      `warning; critical after ${criticalInARow} hidden values in a row, of zeros beside a gradient norm of 0 after ${criticalInARow * DOUBTFUL_FACTOR}; info once a loss that was only 0 has come back`,
  },

  headline: (at, { reason }) =>
    reason === 'told'
      ? `the log tells of a NaN that ${at.metric} does not show.`
      : `the log hides a NaN in ${at.metric}.`,

  watches: (kind, _metric, role) => kind === 'hidden' || (kind === 'sample' && isLoss(role)),

  start: () => QUIET,

  calm(state, { values }) {
    if (state.firing || state.way === undefined) return null
    const way = new SteadyWay(state.way)
    let { zerosInARow, level, longestZeros = 0, zeros = 0, values: seen = 0 } = state
    for (let index = 0; index < values.length; index++) {
      const size = Math.abs(values[index]!)
      zeros = zeros * FADING + zerosInARow
      seen = seen * FADING + zerosInARow + 1
      longestZeros = Math.max(longestZeros, zerosInARow)
      zerosInARow = 0
      level = Math.max(size, level * LEVEL_FADING)
      way.fold(size)
    }
    return afterValue(state, { level, longestZeros, zeros, values: seen, way: way.way })
  },

  step(state, seen, { criticalInARow, recoverySamples }) {
    if (seen.kind === 'sample') {
      const zeros = withZeros(state, seen)
      if (zeros.zerosInARow >= neededZeros(zeros) && !state.firing) return hiddenBehindZero(zeros)
      return afterSample(zeros, recoverySamples)
    }

    if (seen.kind !== 'hidden') return unchanged(state)
    const { reason, detail, isDoubtful = false } = seen
    const longestNeeded = criticalInARow * DOUBTFUL_FACTOR
    const maskedInARow = Math.min(state.maskedInARow + 1, longestNeeded)
    // A loss that repeats itself to the last digit may also have stopped changing, which is no reason to be critical.
    const isSure = isLoss(seen.at.role) && reason !== 'repeated-loss'
    const critical = state.critical || (isSure && maskedInARow >= (isDoubtful ? longestNeeded : criticalInARow))
    const isWorse = !state.firing || (critical && !state.critical)
    const isEvident = !isDoubtful || (state.isEvident ?? false)
    const next = { ...state, maskedInARow, clearInARow: 0, firing: true, critical, isEvident }
    if (!isWorse) return unchanged(next)
    return raised(next, critical ? 'critical' : 'warning', { reason, detail, inARow: maskedInARow })
  },
}

/** The outcome of a sample. A hidden value in its place may still be reported right after it. */
function afterSample(state: MaskedNanState, recoverySamples: number): RuleOutcome<MaskedNanState, never> {
  if (!state.firing) return unchanged(state)
  // Zeros in a row prolong the incident, unless the log has come back from as many.
  if (state.zerosInARow > 0) {
    const isUsual = state.zerosInARow < neededZeros(state) && state.isEvident !== true
    return unchanged(isUsual ? state : { ...state, clearInARow: 0 })
  }
  const clearInARow = state.clearInARow + 1
  // The first sample after a hidden value may itself stand in the place of the next one, so it does not count yet.
  if (clearInARow <= 1) return unchanged({ ...state, clearInARow })
  if (clearInARow <= recoverySamples) return unchanged({ ...state, clearInARow, maskedInARow: 0 })
  const { level, longestZeros = 0, zeros = 0, values = 0, way } = state
  const quiet = { ...QUIET, level, longestZeros, zeros, values, way }
  return state.isEvident || state.critical ? cleared(quiet) : calledOff(quiet, CAME_BACK)
}

/** Raises an incident for a loss of exactly 0, twice in a row. No model learns that in a step, but averages that leave NaN out are 0. */
function hiddenBehindZero(state: MaskedNanState): RuleOutcome<MaskedNanState, MaskedNanFacts> {
  const inARow = state.zerosInARow
  const detail = `The loss is exactly 0 ${times(inARow)} in a row and was well above it before: loggers that leave NaN out of their average write 0.`
  const next = { ...state, maskedInARow: inARow, clearInARow: 0, firing: true, isEvident: false }
  return raised(next, 'warning', { reason: 'zero-loss', detail, inARow })
}

/** How many zeros in a row are strange: more than this log has come back from, and than its own rate of zeros explains. */
function neededZeros({ longestZeros = 0, zeros = 0, values = 0 }: MaskedNanState): number {
  const byRate = longestZeros === 0 ? 0 : Math.log(CHANCE) / Math.log((zeros + 1) / (values + 2))
  return Math.max(ZEROS, LONGER * longestZeros, byRate)
}

function withZeros(state: MaskedNanState, seen: SeenSample): MaskedNanState {
  const { sample, hasMovingTarget, gradientNorm, isPart, otherLosses = [], arePredictionsRight, zeroDecimals } = seen
  const { value } = sample
  if (!isFinite(value)) return state
  // Where there is no reward there is nothing to learn from, and beside a gradient a 0 is a small loss.
  const isBesideGradient = typeof gradientNorm === 'number' && gradientNorm > 0
  const isPartOfMore = isPart === true && otherLosses.some((other) => other !== 0)
  const isHonest =
    hasMovingTarget === true ||
    arePredictionsRight === true ||
    isBesideGradient ||
    isPartOfMore ||
    (value === 0 && mayBeRate(sample.metric))
  const isStrange = value === 0 && !isHonest && (state.zerosInARow > 0 || isSudden(state, zeroDecimals))
  if (isStrange) return { ...state, zerosInARow: state.zerosInARow + 1 }
  const zeros = (state.zeros ?? 0) * FADING + state.zerosInARow + (value === 0 ? 1 : 0)
  const values = (state.values ?? 0) * FADING + state.zerosInARow + 1
  const longestZeros = Math.max(state.longestZeros ?? 0, state.zerosInARow)
  const level = Math.max(Math.abs(value), state.level * LEVEL_FADING)
  const way = value === 0 ? state.way : wayDownAfter(state.way, value)
  return afterValue(state, { level, longestZeros, zeros, values, way })
}

/** What each value changes. */
type Counted = Required<Pick<MaskedNanState, 'level' | 'longestZeros' | 'zeros' | 'values'>> &
  Pick<MaskedNanState, 'way'>

/** The state after a value that is not strange. Fields instead of a spread, which is slower: every loss comes through here. */
function afterValue(
  { maskedInARow, clearInARow, firing, critical, isEvident = false }: MaskedNanState,
  { level, longestZeros, zeros, values, way }: Counted,
): MaskedNanState {
  return {
    maskedInARow,
    clearInARow,
    firing,
    critical,
    level,
    zerosInARow: 0,
    longestZeros,
    zeros,
    values,
    isEvident,
    way,
  }
}

/** Whether a loss of 0 comes all of a sudden. */
function isSudden({ level, way }: MaskedNanState, zeroDecimals: number | undefined): boolean {
  return level > LEVEL && (way === undefined || isFarFromZero(way, zeroDecimals))
}

function isLoss(role: Role): boolean {
  return role === 'train_loss' || role === 'val_loss'
}
