import type { Finite } from '../../protocol/value.ts'
import { usualChance } from './chance-plateau.ts'
import type { Detector } from './detector.ts'
import { perAttempt, type SampleContext } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, percent, powerOfTen } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type FrozenParams = {
  /** The fewest equal values in a row. */
  readonly equalSamples: number
  /** The largest probability of that many, by the log's own rate of repeats: a log of three digits repeats itself often. */
  readonly chance: number
  /** The fewest in a row for a warning where the loss has never had another value. */
  readonly constantSamples: number
  /** The same where the value has so many digits that rounding explains it for a short warm-up at most. */
  readonly tellingSamples: number
  /** The same where it has so many that rounding does not explain it; from as many on any other is noted. */
  readonly preciseSamples: number
}

interface FrozenFacts {
  readonly inARow: number
  /** Whether it may be the rounding of the log alone. */
  readonly mayBeRounding: boolean
}

type FrozenState = {
  readonly attempt: number
  readonly last: Finite | null
  readonly inARow: number
  /** Pairs of neighbouring values, and how many of them were equal. Both fade. */
  readonly pairs: number
  readonly repeats: number
  /** The longest row of equal values that came to an end: what a log has done once it may do again. */
  readonly longest: number
  /** The value before the row. States that were saved before it was kept lack it. */
  readonly before?: Finite | null
  /** How near each of the other losses in the records has come to the value; not there where there is none. */
  readonly nearest?: readonly number[]
  /** Whether another loss has moved away in this row: then the log only carries an older value forward. */
  readonly isCarried?: boolean
  readonly firing: boolean
  /** While it fires: whether only as a note. */
  readonly isNoted?: boolean
}

const START: FrozenState = { attempt: 0, last: null, inARow: 0, pairs: 0, repeats: 0, longest: 0, firing: false }
const FADING = 0.999
/** How many times as long as the longest row that ended a new one must be. */
const LONGER = 3
/** A value of so many significant digits is the same in the next batch only where nothing is computed anew. */
const PRECISE_DIGITS = 6

/** So many are rarely the same by rounding, and so few at ln K: the last layer that begins at 0, in a warm-up that begins there too. */
const TELLING_DIGITS = 5
const TELLING_CHANCE_DIGITS = 3
/** How near ln K a value with few digits must be, as a share of it. */
const CHANCE_TOLERANCE = 0.005
/** Of a loss below this a float32 has a few steps left: a row costs a multiple of 2⁻²⁴. */
const FEW_STEPS = 1e-6
/** A loss that comes to rest has moved by so many units of its last digit at most before, be it of a float32. */
const RESTING_UNITS = 2
const FLOAT32_UNIT = 2 ** -23
/** What is less than this share of a loss may be lost in the sum of a mean: it has not moved. */
const MOVED_SHARE = 1e-4
/** A single digit below this is what rounding has left of a small loss. */
const SMALL_LOSS = 0.1

/**
 * A loss that repeats itself exactly: the optimizer does not step, or an old value is logged again.
 *
 * One that has converged repeats itself as well where the log rounds. Its steps
 * have become as small as the last digit before, and a loss that is almost
 * nothing has one digit left: both are noted and no more.
 *
 * A log may carry the mean of the last epoch forward beside the loss of each
 * step. That shows in the other loss, which moves away from it. The mean of a
 * loss that stands still only comes nearer to it.
 */
export const frozen: Detector<'frozen', FrozenFacts, FrozenParams, FrozenState> = perAttempt({
  name: 'frozen',
  version: 1,
  defaults: { equalSamples: 10, chance: 1e-9, constantSamples: 50, tellingSamples: 30, preciseSamples: 12 },
  needs: ['samples'],
  leastValues: ({ equalSamples }) => equalSamples,
  failureSign: { weight: 25 },
  document: {
    about: 'a loss repeats itself to the last digit',
    watches: 'training losses',
    fires: ({ equalSamples, chance, preciseSamples, constantSamples }) =>
      `at n equal values in a row: n ≥ ${equalSamples}, ${inWords(LONGER)} times the longest row before, and pⁿ ≤ ${powerOfTen(chance)} by the log's own rate p of repeats; ${preciseSamples} where it was never anything else (noted so only where its target does not move; of zeros ${constantSamples}, with no gradient norm, reward or part of the loss beside them that says why, and not of a part where other parts have records of their own); not where another training loss of the same records moves away from it meanwhile, and not of a part of a loss where another part moves`,
    severity: ({ constantSamples, tellingSamples }) =>
      `warning; where it was never anything else and has fewer than ${PRECISE_DIGITS} digits, info up to ${constantSamples} of them, or up to ${tellingSamples} with ${TELLING_DIGITS} digits, or ${TELLING_CHANCE_DIGITS} that are within ${percent(CHANCE_TOLERANCE)} of ln K (K as of \`chance-plateau\`); info where rounding explains it: one digit below ${SMALL_LOSS}, any below ${FEW_STEPS}, or a value before the row that differs by ${RESTING_UNITS} units of the last digit at most, and not at ln K`,
  },

  headline: (at, { mayBeRounding }) =>
    mayBeRounding
      ? `${saysValue(at)} It repeats itself, in few digits: it may still move below the last of them.`
      : saysValue(at),

  roles: ['train_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  calm(state, { values, others, isPart }, { equalSamples, preciseSamples }) {
    const { firing, isCarried, isNoted } = state
    if (firing || isNoted !== undefined || isCarried !== undefined) return null
    if (state.last === null || state.before === undefined) return null
    const least = Math.min(equalSamples, preciseSamples)
    let { last, inARow, pairs, repeats, longest, before, nearest } = state
    // Where the row of equal values began whose nearest are still to be computed, or before these values.
    let begin = -1
    for (let index = 0; index < values.length; index++) {
      const value = values[index]! as Finite
      if (value === last) {
        const known = begin < 0 ? nearest : distancesAt(begin, values, others)
        const distances = distancesAt(index, values, others)
        if (hasMoved(value, distances, known, isPart)) return null
        ;({ nearest } = nearestOf(distances, known))
        begin = -1
        inARow++
        if (inARow >= least) return null
        continue
      }
      begin = index
      const more = inARow > 1 ? inARow - 1 : 0
      pairs = pairs * FADING + 1 + more
      repeats = repeats * FADING + more
      longest = Math.max(longest, inARow)
      before = last
      last = value
      inARow = 1
    }
    const near =
      begin < 0 ? { ...(nearest !== undefined && { nearest }) } : nearestOf(distancesAt(begin, values, others))
    return { attempt: state.attempt, last, inARow, pairs, repeats, longest, before, ...near, firing: false }
  },

  fold({ nearest: before, ...state }, { attempt, value }, params, about) {
    const { hasMovingTarget = false, isPart = false, otherLosses = [] } = about
    const { firing } = state
    const distances = otherLosses.map((other) => Math.min(Math.abs(other - value), Number.MAX_VALUE))
    // A small loss may end at exactly 0, so zeros count only where it was never anything else. A NaN that is hidden behind a 0
    // is found by `masked-nan`.
    const isZeroForNoReason = value === 0 && state.pairs === 0 && !mayBeZero(about)
    if (value !== state.last || (value === 0 && !isZeroForNoReason)) {
      const isRun = state.inARow > 1
      const next = {
        attempt,
        last: value,
        inARow: 1,
        pairs: state.last === null ? 0 : state.pairs * FADING + 1 + (isRun && !firing ? state.inARow - 1 : 0),
        repeats: state.repeats * FADING + (isRun && !firing ? state.inARow - 1 : 0),
        longest: Math.max(state.longest, value === state.last ? 1 : state.inARow),
        before: state.last,
        ...nearestOf(distances),
        firing: false,
      }
      return firing ? cleared(next) : unchanged(next)
    }
    if (state.isCarried === true || hasMoved(value, distances, before, isPart)) {
      const next = { ...state, attempt, inARow: state.inARow + 1, isCarried: true, firing: false }
      return firing ? cleared(next) : unchanged(next)
    }

    const next = { ...state, attempt, ...nearestOf(distances, before), inARow: state.inARow + 1 }
    if ((firing && state.isNoted !== true) || next.inARow < neededIn(state, params)) return unchanged(next)
    const severity = severityOf(next, value, params)
    // A loss whose target moves may begin with the same for long, as where nothing is gained.
    const isNoNews = firing || (hasMovingTarget && state.pairs === 0)
    if (severity === 'info' && isNoNews) return unchanged(next)
    const mayBeRounding = severity === 'info'
    return raised({ ...next, firing: true, isNoted: mayBeRounding }, severity, { inARow: next.inARow, mayBeRounding })
  },
})

/** Whether a loss of 0 has a reason: nothing is gained, a gradient shows that it is a small number, or another part is none. */
function mayBeZero({ hasMovingTarget, gradientNorm, isPart, hasOtherParts, otherLosses = [] }: SampleContext): boolean {
  const isBesideGradient = typeof gradientNorm === 'number' && gradientNorm > 0
  // The parts of an event file have records of their own.
  const isPartAlone = isPart === true && hasOtherParts === true && otherLosses.length === 0
  return hasMovingTarget === true || isBesideGradient || isPartAlone || otherLosses.some((other) => other !== 0)
}

/** Whether one of the losses beside a value has been nearer to it; beside a part of a loss, whether one has moved at all. */
function hasMoved(
  value: Finite,
  distances: readonly number[],
  nearest: readonly number[] = [],
  isPart: boolean,
): boolean {
  if (distances.length !== nearest.length) return false
  const least = MOVED_SHARE * Math.abs(value)
  return distances.some((distance, at) => {
    const moved = distance - nearest[at]!
    return moved > least || (isPart && -moved > least)
  })
}

function distancesAt(index: number, values: Float64Array, others: readonly Float64Array[]): readonly number[] {
  return others.map((other) => Math.min(Math.abs(other[index]! - values[index]!), Number.MAX_VALUE))
}

/** How near they have come, with those of one more record. Where other losses stand in it, that begins anew. */
function nearestOf(distances: readonly number[], before: readonly number[] = []): Pick<FrozenState, 'nearest'> {
  if (distances.length === 0) return {}
  if (distances.length !== before.length) return { nearest: distances }
  return { nearest: distances.map((distance, at) => Math.min(distance, before[at]!)) }
}

/** From how many equal values in a row on the log's own repeats do not explain them. */
function neededIn(state: FrozenState, params: FrozenParams): number {
  if (state.last === 0) return params.constantSamples
  return state.pairs > 0 ? moreThanOwnRepeats(state, params) : params.preciseSamples
}

/** How gravely a row of equal values speaks: only as a note where rounding may explain it. */
function severityOf({ pairs, inARow, before = null }: FrozenState, value: Finite, params: FrozenParams) {
  if (value === 0) return 'warning'
  if (Math.abs(value) < FEW_STEPS) return 'info'
  if (digitsOf(value) === 1 && Math.abs(value) < SMALL_LOSS) return 'info'
  const isAtChance = digitsOf(value) >= TELLING_CHANCE_DIGITS && usualChance(value, value, CHANCE_TOLERANCE) !== null
  if (pairs > 0) return !isAtChance && before !== null && isAtRest(before, value) ? 'info' : 'warning'
  if (isPrecise(value)) return 'warning'
  const isTelling = isAtChance || digitsOf(value) >= TELLING_DIGITS
  return inARow >= (isTelling ? params.tellingSamples : params.constantSamples) ? 'warning' : 'info'
}

/** Whether a loss has come from one value to the next by hardly more than its last digit. */
function isAtRest(before: Finite, value: Finite): boolean {
  const unit = Math.max(Math.min(unitOf(before), unitOf(value)), FLOAT32_UNIT * Math.abs(value))
  // Half a unit more is for what is lost in binary numbers.
  return Math.abs(value - before) <= (RESTING_UNITS + 0.5) * unit
}

/** The same for a series that has had more than one value. */
export function moreThanOwnRepeats(
  { pairs, repeats, longest }: Pick<FrozenState, 'pairs' | 'repeats' | 'longest'>,
  { equalSamples, chance }: Pick<FrozenParams, 'equalSamples' | 'chance'>,
): number {
  return Math.max(equalSamples, LONGER * longest, Math.log(chance) / Math.log((repeats + 1) / (pairs + 2)))
}

/** Whether a value has so many significant digits that it does not come again by rounding. */
export function isPrecise(value: number): boolean {
  return digitsOf(value) >= PRECISE_DIGITS
}

/** How many significant digits a value has. */
function digitsOf(value: number): number {
  return value.toExponential().replace(/e.*/, '').replace(/\D/g, '').length
}

/** What its last significant digit counts. */
function unitOf(value: number): number {
  return 10 ** (Number(value.toExponential().replace(/.*e/, '')) + 1 - digitsOf(value))
}
