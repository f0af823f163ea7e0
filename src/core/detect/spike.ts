import { bySeverity, type Severity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import { lossKindOf } from '../records/fields.ts'
import type { Detector } from './detector.ts'
import { areSteady, type Falls, fallen, fallsAfter, NO_FALLS } from './falls.ts'
import { deviation, foldLevel, type Level, NO_LEVEL, positionAbove, positionIn, typical } from './level.ts'
import { LevelColumn } from './level-column.ts'
import { HOPELESS_RATIO } from './moving-target.ts'
import { perAttempt } from './per-attempt.ts'
import { ended, type RuleOutcome, raised, unchanged } from './rule.ts'
import { inWords, ordinal, percent, times } from './threshold-wording.ts'
import { saysJump } from './wording.ts'

type SpikeParams = {
  readonly warmupSamples: number
  /** The smallest distance from the level, in spreads, however quiet the curve has been. */
  readonly z: number
  /** How many times the largest distance so far a spike must be, after very many values. After fewer values it must be more. */
  readonly largest: number
  /** The smallest ratio of a loss to its level that matters in practice. */
  readonly ratio: number
  /** The smallest ratio of a gradient norm to its level: many norms jump, and few jumps matter. */
  readonly gradientRatio: number
  /** The smallest distance of a signed loss, in spreads. It is larger, because such a loss has no ratio to be checked as well. */
  readonly signedZ: number
  /** A spike is critical at this many times the level and above all values before it, which means that the run fails. */
  readonly criticalRatio: number
  /** For this many values in a row it must be so. */
  readonly criticalInARow: number
  /** Below this ratio a single batch is noted only. From it on it is a warning. */
  readonly singleRatio: number
  /** So many jumps of single batches, within `againSamples` values, are a warning. */
  readonly againJumps: number
  readonly againSamples: number
  /** At this many times the level, and above all values before it, a single value is enough: the weights are damaged as well. */
  readonly extremeRatio: number
  /** How many values near the level in a row end the incident. */
  readonly recoverySamples: number
}

interface SpikeFacts {
  readonly level: number
  readonly ratio: number
  readonly z: number
  readonly course: SpikeCourse
  /** The step at which it began. */
  readonly since: number | null
  /** At how many times its level one batch alone was, if the value is a mean over the steps since the one before. There for a mean. */
  readonly batchRatio?: number
}

/** What a spike is by what it has come to so far, of which its severity depends. */
export type SpikeCourse =
  /** One value below twice the level. What the next one is, nobody knows yet. */
  | 'single'
  /** Too high for that, or of a metric of which each value counts. */
  | 'large'
  /** The value after it was as high. */
  | 'stays'
  /** It is the last of several within few values. */
  | 'again'
  /** The log leaves steps out, its values differ as little as means over many batches do, and one batch that moves such a mean so far is too high to be noted only. */
  | 'mean'

type SpikeState = {
  /** The attempt that the other fields are about. */
  readonly attempt: number
  readonly level: Level
  /** The largest distance so far, in spreads. It fades within some ten thousand values. */
  readonly largestZ: number
  readonly firing: Severity | null
  readonly calmInARow: number
  /** Values in a row that are high enough to be critical. */
  readonly highInARow: number
  /** Of the spike of the value before, while it lasts. States that were saved before there was one lack it, and the next two. */
  readonly last?: LastSpike | null
  /** The ordinals of the newest spikes. */
  readonly newest?: readonly number[]
  /** How far above the level the first of a few single jumps had to be: one after it as far up is the same again. */
  readonly jumpNats?: number | null
  /** The step of the value before. */
  readonly step?: number | null
  /** The largest value so far. */
  readonly highest?: number
  readonly falls?: Falls
}

type LastSpike = {
  /** The step at which it began. */
  readonly since: number | null
  /** From which position in the domain of the level on a value after it is as high. */
  readonly high: number
  /** The largest value before it. */
  readonly highest: number
}

const CALM_Z = 3
/** The largest distance that is remembered: a larger one shows nothing about the noise. */
const LARGEST_Z = 16
const FADING = 0.99997
/** A spike widens the bound by this factor at most, or a large one would hide the spikes after it. */
const WIDENING = 1.15
/** From this many values on a distance is noise, and no longer part of the first fall. */
const NOISE_SAMPLES = 20
/** Few values show the tail of their noise poorly, so `largest` is raised by this divided by √n. */
const INEXPERIENCE = 3
/** A critical spike is so many times as far up as the loss fell in its newest falls together; a single value, so many. */
const CRITICAL_FALLS = 1.25
const EXTREME_FALLS = 3
/** Near zero twice the level is little: a jump must also be this share of the first values to be more than a single batch. */
const LEAST_SHARE = 0.1
/** A log that leaves steps out and whose spread is below this is taken to write means: of 228 healthy curves by the step 17 are as quiet. */
const MEAN_SPREAD = 0.01
/** From this ratio on a jump after another counts, though it is no farther than the noise now is. Lower ones are the tail of that noise. */
const AGAIN_RATIO = 1.5
/** From so many values before it on a value may be beyond all of them. */
const LEAST_BEFORE = 3
const OVER =
  'The value after it was at the level again, so it was a single one: noted, and no warning unless such jumps come again and again.'

const START: SpikeState = { attempt: 0, level: NO_LEVEL, largestZ: 0, firing: null, calmInARow: 0, highInARow: 0 }

/**
 * A loss or gradient norm far above its own recent past: `level.ts` measures how far, in spreads and as a ratio.
 *
 * The curve itself shows how far is too far: somewhat more than its largest
 * distance so far. So noise with heavy tails does not alarm again and again, and
 * in bounded noise a small spike is found.
 */
export const spike: Detector<'spike', SpikeFacts, SpikeParams, SpikeState> = perAttempt({
  name: 'spike',
  version: 2,
  defaults: {
    warmupSamples: 50,
    z: 3,
    largest: 1.2,
    ratio: 1.25,
    gradientRatio: 10,
    signedZ: 6,
    criticalRatio: 5,
    criticalInARow: 2,
    extremeRatio: 1e6,
    singleRatio: 2,
    againJumps: 3,
    againSamples: 200,
    recoverySamples: 20,
  },
  needs: ['samples'],
  profiles: {
    quiet: { warmupSamples: 100, z: 4, largest: 1.35, ratio: 1.75, againJumps: 4 },
    sensitive: { warmupSamples: 30, largest: 1.15, ratio: 1.2, singleRatio: 1.5 },
  },
  failureSign: { weight: 20 },
  document: {
    about: 'a loss or gradient norm jumps far above its own recent past',
    watches: 'losses, gradient norms',
    fires: ({ z, largest, ratio, gradientRatio, warmupSamples, extremeRatio }) =>
      `z > max(${z}, (${largest} + ${INEXPERIENCE}/√n)·Z) and a ratio above ${ratio} (gradient norms: ${gradientRatio}), where Z is the largest z so far, which fades by ${FADING} a value and grows by ${percent(WIDENING - 1)} at most at a spike; after ${warmupSamples} values, or ${LEAST_BEFORE} where it is ${inWords(extremeRatio)} times all of them and that much itself`,
    severity: ({ singleRatio, againJumps, againSamples, criticalRatio, criticalInARow, extremeRatio }) =>
      `warning; info for a batch of a training loss below ${times(singleRatio)} its level that is over with the next one, unless it is the ${ordinal(againJumps)} within ${againSamples} values, and of a whole loss; critical above all values before at ${times(criticalRatio)} the level ${times(criticalInARow)} in a row, or at ${inWords(extremeRatio)} times once, and ${CRITICAL_FALLS} times as far up as it fell in its newest falls together, or ${EXTREME_FALLS}; info for gradient norms, and up to ${inWords(extremeRatio)} times the level where the target of the loss moves`,
  },

  headline: saysJump,

  roles: ['train_loss', 'val_loss', 'objective', 'grad_norm'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  calm(state, { attempt, role, values, steps }, params) {
    const { level: before, firing, last = null, newest = [], jumpNats = null, falls: fallsBefore = NO_FALLS } = state
    if (role === 'objective' || firing !== null || last !== null || before.count < params.warmupSamples) return null
    if (!LevelColumn.isSteady(before) || !areSteady(fallsBefore)) return null
    const column = LevelColumn.of(before, values)
    const { distances, zs } = column
    const again = jumpNats ?? Number.POSITIVE_INFINITY
    let { largestZ, highest = Number.NEGATIVE_INFINITY } = state
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      const z = zs[index]!
      const bound = Math.max(params.z, (params.largest + INEXPERIENCE / Math.sqrt(before.count + index)) * largestZ)
      if (!(value > 0 && z <= bound && distances[index]! < again)) return null
      largestZ = Math.max(largestZ * FADING, Math.min(z, LARGEST_Z))
      highest = Math.max(highest, value)
    }
    return {
      attempt,
      level: column.after,
      largestZ,
      firing,
      calmInARow: 0,
      highInARow: 0,
      last: null,
      newest,
      jumpNats,
      step: steps === null ? null : steps[steps.length - 1]!,
      highest,
      falls: column.fallsAfter(fallsBefore),
    }
  },

  fold(state, { attempt, metric, role, step, value }, params, { hasMovingTarget = false, isPart = false }) {
    // What is exactly 0, as the loss of an empty batch, shows no level.
    if (value === 0) return unchanged({ ...state, step })
    const highest = Math.max(state.highest ?? value, value)
    if (
      (value < 0 || role === 'objective' || state.level.count < params.warmupSamples) &&
      isBeyondAll(state, value, params)
    )
      return raisedAtOnce(state, { attempt, role, step, value }, hasMovingTarget)
    // Nothing else is known of an objective than what no noise explains.
    if (state.level.count < NOISE_SAMPLES || role === 'objective')
      return unchanged({ ...state, level: foldLevel(state.level, value), step, highest })

    const distance = deviation(state.level, value)
    const { z, ratio, position } = distance
    const level = foldLevel(state.level, value, position)
    const fallsBefore = state.falls ?? NO_FALLS
    const falls = fallsAfter(fallsBefore, position)
    const bound = boundOf(state, params)
    const least = role === 'grad_norm' ? params.gradientRatio : params.ratio
    const { newest = [] } = state
    // The bound grows with each jump. It must not hide the third of three that are equal.
    const isRepeated =
      typeof state.jumpNats === 'number' &&
      position - state.level.mean >= state.jumpNats &&
      level.count - newest.at(-1)! < params.againSamples
    const isSpike = isRepeated || (z > bound && ratio > least)
    const noted = isSpike ? Math.min(z, Math.max(state.largestZ, bound) * WIDENING) : z
    const largestZ = Math.max(state.largestZ * FADING, Math.min(noted, LARGEST_Z))
    if (state.level.count < params.warmupSamples) return unchanged({ ...state, level, largestZ, step, highest, falls })

    const before = state.last ?? null
    const stays = before !== null && positionIn(state.level, value) > before.high
    if (isSpike || stays) {
      const began = stays
        ? before
        : { since: step, high: highFrom(state.level, bound, least), highest: state.highest ?? level.reference }
      const isHigh = isSpike && ratio >= params.criticalRatio && value > Math.max(level.reference, began.highest)
      const highInARow = isHigh ? state.highInARow + 1 : 0
      const isUndone =
        isHigh &&
        (ratio >= HOPELESS_RATIO ||
          (!hasMovingTarget && hasFailed(level.isSigned, ratio, highInARow, fallen(fallsBefore), params)))
      const isWhole = !isPart && lossKindOf(metric) !== 'error'
      const spikes = isSpike ? [...newest, level.count].slice(-params.againJumps) : newest
      // A new level is learned: what is no spike by it is none for having been one by the old.
      const last = isSpike ? began : null
      const course = stays
        ? 'stays'
        : courseOf({ ...state, newest: spikes }, { role, step, value, ratio, isWhole }, params)
      const jumpNats = isRepeated ? state.jumpNats! : Math.max(bound * state.level.spread, Math.log(AGAIN_RATIO))
      const isNoted = course === 'single' || (hasMovingTarget && ratio < params.extremeRatio)
      const severity = severityOf(role, isNoted, isUndone)
      const isNews = state.firing === null || bySeverity(severity, state.firing) < 0
      const firing = isNews ? severity : state.firing
      const next = {
        attempt,
        level,
        largestZ,
        firing,
        calmInARow: 0,
        highInARow,
        last,
        newest: spikes,
        jumpNats: course === 'single' ? jumpNats : null,
        step,
        highest,
        falls,
      }
      if (!isNews) return unchanged(next)
      const facts = { level: typical(state.level), ratio, z, course, since: began.since }
      return raised(
        next,
        severity,
        course === 'mean' ? { ...facts, batchRatio: batchRatioOf(ratio, stepsSince(state, step)) } : facts,
      )
    }
    const { firing } = state
    const calmInARow = firing !== null && z < CALM_Z ? state.calmInARow + 1 : 0
    const next = {
      attempt,
      level,
      largestZ,
      firing,
      calmInARow,
      highInARow: 0,
      last: null,
      newest,
      jumpNats: state.jumpNats ?? null,
      step,
      highest,
      falls,
    }
    if (firing === null || calmInARow < params.recoverySamples) return unchanged(next)
    return ended({ ...next, firing: null, calmInARow: 0 }, OVER)
  },
})

/**
 * Whether a value is so far beyond those before it, above them or below, that no noise explains it, and is no small number
 * either. An objective that is raised fails downwards.
 */
function isBeyondAll({ level, highest = 0 }: SpikeState, value: number, { extremeRatio }: SpikeParams): boolean {
  return level.count >= LEAST_BEFORE && Math.abs(value) >= extremeRatio * Math.max(highest, level.reference, 1)
}

/** The outcome of such a value. It does not enter the level, or the level would be its own. */
function raisedAtOnce(
  state: SpikeState,
  { attempt, role, step, value }: { attempt: number; role: Role; step: number | null; value: Finite },
  hasMovingTarget: boolean,
): RuleOutcome<SpikeState, SpikeFacts> {
  const { z } = deviation(state.level, value)
  const ratio = Math.min(Math.abs(value) / Math.max(state.highest ?? 0, state.level.reference), Number.MAX_VALUE)
  const severity = severityOf(role, hasMovingTarget, !hasMovingTarget || ratio >= HOPELESS_RATIO)
  const next = { ...state, attempt, step, calmInARow: 0 }
  if (state.firing !== null && bySeverity(severity, state.firing) >= 0) return unchanged(next)
  const facts = { level: typical(state.level), ratio, z, course: 'large', since: step } as const
  return raised({ ...next, firing: severity }, severity, facts)
}

function boundOf({ level, largestZ }: SpikeState, params: SpikeParams): number {
  const least = level.isSigned ? params.signedZ : params.z
  return Math.max(least, (params.largest + INEXPERIENCE / Math.sqrt(level.count)) * largestZ)
}

/** From which position on a value is as far from this level as a spike. */
function highFrom(level: Level, bound: number, ratio: number): number {
  return positionAbove(level, bound, level.isSigned ? ratio - 1 : Math.log(ratio))
}

/** What a value that is a spike is so far: nothing is known of the next one. */
function courseOf(
  state: SpikeState,
  {
    role,
    step,
    value,
    ratio,
    isWhole,
  }: { role: Role; step: number | null; value: Finite; ratio: number; isWhole: boolean },
  { singleRatio, againJumps, againSamples }: SpikeParams,
): SpikeCourse {
  const { level, newest = [] } = state
  // A value of a validation is a mean over a whole set of data: no single batch moves it.
  if (role !== 'train_loss' || isLarge(level, value, ratio, singleRatio)) return 'large'
  // Beside one part of a loss, or an error of one batch, the rest of what is learned may stand still.
  if (isWhole && newest.length >= againJumps && newest.at(-1)! - newest[0]! < againSamples) return 'again'
  const steps = stepsSince(state, step)
  const usual = typical(level)
  const batch = usual + steps * (value - usual)
  const isMean = level.spread < MEAN_SPREAD && isLarge(level, batch, batchRatioOf(ratio, steps), singleRatio)
  return isMean ? 'mean' : 'single'
}

/** Over how many steps a value may be a mean: those since the value before. One where nothing shows that any are left out. */
function stepsSince({ step: before = null }: SpikeState, step: number | null): number {
  return step === null || before === null ? 1 : Math.max(1, step - before)
}

/** At how many times its level one batch alone was that moves a mean over so many so far. */
function batchRatioOf(ratio: number, steps: number): number {
  return 1 + steps * (ratio - 1)
}

/** Whether a jump is more than a single bad batch makes. */
function isLarge(level: Level, value: number, ratio: number, singleRatio: number): boolean {
  if (level.isSigned) return ratio >= singleRatio
  const usual = typical(level)
  return value >= singleRatio * usual && value - usual >= LEAST_SHARE * level.reference
}

/** Whether a loss so high has failed, if its target does not move: it must be farther up than its noise falls. */
function hasFailed(isSigned: boolean, ratio: number, inARow: number, fallenNats: number, params: SpikeParams): boolean {
  const isExtreme = ratio >= params.extremeRatio
  if (isSigned) return isExtreme
  const rise = Math.log(ratio)
  return (
    (isExtreme && rise >= EXTREME_FALLS * fallenNats) ||
    (inARow >= params.criticalInARow && rise >= CRITICAL_FALLS * fallenNats)
  )
}

/** How severe a spike is. Spikes recover; a loss that rises more slowly is reported by `sustained-rise` and `exploding`. */
function severityOf(role: Role, isNoted: boolean, isUndone: boolean): Severity {
  if (role === 'grad_norm') return 'info'
  if (isUndone) return 'critical'
  return isNoted ? 'info' : 'warning'
}
