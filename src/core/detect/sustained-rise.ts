import { bySeverity, type Severity } from '../../protocol/alert.ts'
import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { areSteady, type Falls, fallen, fallsAfter, NO_FALLS } from './falls.ts'
import { foldLevel, type Level, lossAt, NO_LEVEL, positionIn, typical } from './level.ts'
import { LevelColumn } from './level-column.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { afterStart, NO_VALUES, type SmoothedStart } from './smoothed-start.ts'
import { grouped, inWords, powerOfTen, times } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type SustainedRiseParams = {
  readonly warmupSamples: number
  /** In a log that leaves out steps, this many steps and a share of the samples end the warm-up as well. */
  readonly warmupSteps: number
  /** The least mean number of values between two false alarms, for a loss that is on average no worse than its best. */
  readonly runLength: number
  /** How far above its best a loss may stand without alarm, as a ratio. */
  readonly margin: number
  /** How many times its best the level must be for the run to count as failing, where all that was learned is lost. */
  readonly criticalRatio: number
  /** How many times its best it must be where the loss had never fallen before. */
  readonly extremeRatio: number
  /** How many values in a row with the level back within the margin end the incident. */
  readonly recoverySamples: number
}

interface SustainedRiseFacts {
  readonly best: number
  readonly level: number
}

type SustainedRiseState = {
  readonly attempt: number
  /** The first values, while they may be those of a smoothed loss that begins at 0. Not there after it. */
  readonly smoothed?: SmoothedStart
  readonly level: Level
  /** The lowest level so far, in the domain of the level; null before the warm-up is over. */
  readonly best: number | null
  /** The e-process of each bet: what a gambler would have won by betting against "no worse than its best". */
  readonly wealth: readonly number[]
  /** The level after the first values; not there before, nor in a state that was saved before there was such a thing. */
  readonly first?: number | null
  readonly falls?: Falls
  readonly firing: Severity | null
  readonly calmInARow: number
}

/** The share of its wealth that each bet stakes. Large ones see a big rise soon, and only small ones see a small rise at all. */
const BETS = [0.5, 1, 1.5, 1.9]
/** How far beyond the margin a loss must stand to win a bet in full, in the domain of the level. */
const WIDTH = 0.5
/** The margin is at least this many spreads: in strong noise a smaller rise is none. A loss around zero has a wider one. */
const MARGIN_SPREADS = 0.5
const SIGNED_MARGIN_SPREADS = 1
/** A loss has learned something once its best is so many times below the first values. */
const LEARNED_RATIO = 5
/** It must stand so many times as far above its best as it fell in its newest falls together. */
const LEARNED_FALLS = 0.3
const FIRST_SAMPLES = 20
/** Once all warm-up steps have passed, one in this many of the warm-up samples is enough. */
const SPARSE_WARMUP = 5
const LARGEST_WEALTH = 1e12

const NOTHING_WON: readonly number[] = BETS.map(() => 0)
const START: SustainedRiseState = {
  attempt: 0,
  smoothed: NO_VALUES,
  level: NO_LEVEL,
  best: null,
  wealth: NOTHING_WON,
  firing: null,
  calmInARow: 0,
}

/**
 * A loss that stays above its best level: a Shiryaev–Roberts e-detector with bounded bets.
 *
 * As long as the loss is on average within the margin of its best, no bet has a
 * positive expectation. So the mean of the wealths reaches `runLength` at most
 * once in that many values on average (Shin, Ramdas, Rinaldo: E-detectors, arXiv
 * 2203.03532). A loss that wanders stands above its lowest level for a while, which
 * is told like any rise.
 */
export const sustainedRise: Detector<'sustained-rise', SustainedRiseFacts, SustainedRiseParams, SustainedRiseState> =
  perAttempt({
    name: 'sustained-rise',
    version: 1,
    defaults: {
      warmupSamples: 100,
      warmupSteps: 1000,
      runLength: 1e6,
      margin: 1.1,
      criticalRatio: 10,
      extremeRatio: 1e4,
      recoverySamples: 50,
    },
    needs: ['samples'],
    leastValues: ({ warmupSamples, warmupSteps }, lastStep) =>
      lastStep !== null && lastStep >= warmupSteps ? warmupSamples / SPARSE_WARMUP : warmupSamples,
    judgesCourse: true,
    profiles: {
      quiet: { runLength: 1e7, margin: 1.2 },
      sensitive: { runLength: 1e5 },
    },
    failureSign: { weight: 30 },
    document: {
      about: 'a loss has risen above its best and stays there',
      watches: 'training losses',
      fires: ({ runLength, margin, warmupSamples, warmupSteps }) =>
        `when the mean of R_λ reaches ${powerOfTen(runLength)}, where R_λ ← (R_λ + 1)(1 + λ(x − ½)) for λ = ${BETS.join(', ')}, x = ½ + ½ clip((u − best − margin)/${WIDTH}, ±1), margin = max(ln ${margin}, s/${1 / MARGIN_SPREADS}) and best is the lowest m; after ${warmupSamples} values, or ${warmupSamples / SPARSE_WARMUP} and ${grouped(warmupSteps)} steps`,
      severity: ({ criticalRatio, extremeRatio }) =>
        `warning; critical when m stands at ${times(criticalRatio)} its best and above its first values, and that best was ${inWords(LEARNED_RATIO)} times below them; or at ${powerOfTen(extremeRatio)} times its best; and farther up than its noise falls; info below that, and never critical, where the target of the loss moves`,
    },

    headline: saysValue,

    roles: ['train_loss'],
    start: START,
    kept: ({ firing }) => ({ firing }),

    calm(state, { attempt, values }, params) {
      const { level: before, smoothed, best: bestBefore, first, falls: fallsBefore, firing } = state
      if (smoothed !== undefined || firing !== null || bestBefore === null || first === undefined) return null
      if (before.count < params.warmupSamples || fallsBefore === undefined) return null
      if (!LevelColumn.isSteady(before) || !areSteady(fallsBefore)) return null
      const column = LevelColumn.of(before, values)
      const { positions, means, spreads } = column
      const leastMargin = Math.log(params.margin)
      let best = bestBefore
      let [a, b, c, d] = state.wealth as [number, number, number, number]
      for (let index = 0; index < values.length; index++) {
        best = Math.min(best, means[index]!)
        const margin = Math.max(leastMargin, MARGIN_SPREADS * spreads[index]!)
        const share = 0.5 + 0.5 * Math.max(-1, Math.min(1, (positions[index]! - best - margin) / WIDTH))
        a = grown(0, a, share)
        b = grown(1, b, share)
        c = grown(2, c, share)
        d = grown(3, d, share)
        if (!(values[index]! > 0 && (a + b + c + d) / BETS.length < params.runLength)) return null
      }
      const wealth = [a, b, c, d]
      const falls = column.fallsAfter(fallsBefore)
      return { attempt, level: column.after, best, wealth, first, falls, firing, calmInARow: 0 }
    },

    fold(saved, { attempt, step, value }, params, { hasMovingTarget = false }) {
      // What is exactly 0, as the loss of an empty batch, shows no level.
      if (value === 0) return unchanged(saved)
      const { start, counted } = saved.smoothed ? afterStart(saved.smoothed, value) : { start: null, counted: [value] }
      if (start !== null) return unchanged({ ...saved, smoothed: start })
      const state = saved.smoothed === undefined ? saved : afterBeginning(saved, counted.slice(0, -1))
      const { firing } = state
      const { position, level, first, falls } = measured(state, value)
      if (!isWarm(level.count, step, params)) return unchanged({ ...state, level, first, falls })
      // When the level becomes signed its domain changes, and the best of the old domain cannot be compared.
      const isSameDomain = level.isSigned === state.level.isSigned
      const best = state.best === null || !isSameDomain ? level.mean : Math.min(state.best, level.mean)

      const above = position - best
      const margin = Math.max(
        Math.log(params.margin),
        (level.isSigned ? SIGNED_MARGIN_SPREADS : MARGIN_SPREADS) * level.spread,
      )
      const share = 0.5 + 0.5 * Math.max(-1, Math.min(1, (above - margin) / WIDTH))
      const wealth = firing === null ? won(state.wealth, share) : NOTHING_WON
      const risen = level.mean - best
      const isHigh = firing !== null || mean(wealth) >= params.runLength

      const severity = isHigh ? severityOf(level, best, first, falls, hasMovingTarget, params) : null
      if (severity !== null && (firing === null || bySeverity(severity, firing) < 0)) {
        const next = { attempt, level, best, wealth: NOTHING_WON, first, falls, firing: severity, calmInARow: 0 }
        return raised(next, severity, { best: lossAt(level, best), level: typical(level) })
      }
      if (firing === null) return unchanged({ attempt, level, best, wealth, first, falls, firing, calmInARow: 0 })
      const calmInARow = risen <= margin ? state.calmInARow + 1 : 0
      if (calmInARow < params.recoverySamples)
        return unchanged({ attempt, level, best, wealth, first, falls, firing, calmInARow })
      return cleared({ attempt, level, best, wealth: NOTHING_WON, first, falls, firing: null, calmInARow: 0 })
    },
  })

/**
 * How bad a level above its best is.
 *
 * A run fails where the loss had fallen and stands above its first values
 * again. One that has only ever risen may be one that grows while all goes well,
 * as a return does. Where the target of the loss moves, its height says little.
 */
function severityOf(
  { mean, reference, isSigned }: Level,
  best: number,
  first: number | null,
  falls: Falls,
  hasMovingTarget: boolean,
  { criticalRatio, extremeRatio }: SustainedRiseParams,
): Severity {
  const risen = mean - best
  // A loss around zero has no ratio: its distance counts in first values.
  const isExtreme = risen >= (isSigned ? extremeRatio : Math.log(extremeRatio))
  if (hasMovingTarget) return isExtreme ? 'warning' : 'info'
  const begin = first ?? positionIn({ isSigned, reference }, reference)
  const wasLearned = !isSigned && mean >= begin && best <= begin - Math.log(LEARNED_RATIO)
  const fall = isSigned ? 0 : fallen(falls)
  const isFailing =
    (isExtreme && risen >= fall) || (wasLearned && risen >= Math.max(Math.log(criticalRatio), LEARNED_FALLS * fall))
  return isFailing ? 'critical' : 'warning'
}

/** Where the value stands, and the level, the first values and the falls after it. */
function measured(state: SustainedRiseState, value: Finite) {
  const before = positionIn(state.level, value)
  const level = foldLevel(state.level, value, before)
  const isSameScale = level.reference === state.level.reference && level.isSigned === state.level.isSigned
  const position = isSameScale ? before : positionIn(level, value)
  return { position, level, first: firstAfter(state, level), falls: fallsAfter(state.falls ?? NO_FALLS, position) }
}

/** The state once its beginning is known for none that was smoothed from 0, or is over, after the values that were held back. */
function afterBeginning({ smoothed, ...begun }: SustainedRiseState, values: readonly Finite[]): SustainedRiseState {
  let state: SustainedRiseState = begun
  for (const value of values) {
    const { level, first, falls } = measured(state, value)
    state = { ...state, level, first, falls }
  }
  return state
}

/** The level after the first values, once it is known. */
function firstAfter({ first = null, level: before }: SustainedRiseState, level: Level): number | null {
  if (level.isSigned) return null
  return before.count < FIRST_SAMPLES && level.count >= FIRST_SAMPLES ? level.mean : first
}

function isWarm(count: number, step: number | null, { warmupSamples, warmupSteps }: SustainedRiseParams): boolean {
  return count >= warmupSamples || (step !== null && step >= warmupSteps && count >= warmupSamples / SPARSE_WARMUP)
}

function won(wealth: readonly number[], share: number): readonly number[] {
  // A literal of known length takes a fifth of the memory of a list that grows.
  return [wonBy(0, wealth, share), wonBy(1, wealth, share), wonBy(2, wealth, share), wonBy(3, wealth, share)]
}

function wonBy(at: number, wealth: readonly number[], share: number): number {
  return grown(at, wealth[at]!, share)
}

/** The wealth of one bet after one more value. */
function grown(at: number, wealth: number, share: number): number {
  return Math.min((wealth + 1) * (1 + BETS[at]! * (share - 0.5)), LARGEST_WEALTH)
}

/** The mean of as many values as there are bets. */
function mean(values: readonly number[]): number {
  return (values[0]! + values[1]! + values[2]! + values[3]!) / BETS.length
}
