import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { areSteady, type Falls, fallen, fallsAfter, KEPT_FALLS, NO_FALLS } from './falls.ts'
import { type Deviation, deviation, foldLevel, type Level, NO_LEVEL, positionIn, typical } from './level.ts'
import { LevelColumn } from './level-column.ts'
import { HOPELESS_RATIO } from './moving-target.ts'
import {
  KNOWN_SAMPLES,
  NO_NOISE,
  type Noise,
  noiseAfter,
  noiseAlong,
  settled,
  survivedBy,
  withoutOut,
} from './noise-memory.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, powerOfTen, times } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type ExplodingParams = {
  readonly warmupSamples: number
  /** How many times its level a rising loss must be. */
  readonly ratio: number
  /** How many times in a row it must have risen. */
  readonly rises: number
  /** How many times its level a loss must be that does not rise each time. */
  readonly farRatio: number
  /** For how many values in a row it must be so. */
  readonly farSamples: number
  /** The least distance from the level, in spreads of the logarithm. */
  readonly spreads: number
  /** How many times the largest distance so far it must be. */
  readonly largest: number
  /** How many times what the loss has come back from before it must stand at. */
  readonly survivedRatio: number
  /** How many calm values end the incident. */
  readonly recoverySamples: number
}

interface ExplodingFacts {
  readonly level: number
  readonly ratio: number
  readonly risesInARow: number
  /** After how many more values a float32 overflows if the growth goes on; null where that cannot be computed. */
  readonly samplesToOverflow: number | null
}

type ExplodingState = {
  /** The attempt that the other fields are about. */
  readonly attempt: number
  readonly level: Level
  readonly last: number
  readonly beforeLast: number
  readonly risesInARow: number
  readonly farInARow: number
  /** Values in a row that are not calm. */
  readonly outInARow: number
  readonly firing: boolean
  readonly calmInARow: number
  /** While it fires: whether only as a warning. Not there where it is critical. */
  readonly isWarning?: boolean
  /** What the loss has shown of its noise. States that were saved before there was such a thing lack it. */
  readonly noise?: Noise
  /** How far it falls. States that were saved before there was such a thing lack it. */
  readonly falls?: Falls
  /** Whether the first value was 0. States that were saved before there was such a thing lack it. */
  readonly beginsAtZero?: boolean
}

/** Below this many times its level a loss is calm. */
const CALM_RATIO = 2
/** A little less than its logarithm, whatever is lost in rounding. */
const CALM_NATS = 0.69
/** How many values in a row must be beyond that: one alone that ends a chance row of rises is a spike. */
const LEAST_OUT = 2
/** After few values the spread is a guess: it counts as so many values of this spread. */
const GUESSED_SPREAD = 0.5
const GUESSED_SAMPLES = 5
/** A loss that has needed more values than this, and has not risen at each of the newest, grows and does not explode. */
const FAST_SAMPLES = 30
const STEADY_RISES = 10
/** A run counts as failing once its loss has risen so many times as far as it fell in its newest falls together. */
const FAILED_FALLS = 2
const JUMP_SAMPLES = 5
/** At so many times its level, and so many times as far away as it fell, a single value is enough. */
const SUDDEN_RATIO = 1e5
const SUDDEN_FALLS = 10
/** From so many first magnitudes above its level on a loss that goes below zero counts as failing. */
const SIGNED_RATIO = 1e6
/** The first value alone is a poor level: so many nats count as fallen beside it, half of them after two values of the level. */
const GUESSED_LEVEL_NATS = 2
/** And the noise of few values is not known: so many nats count as fallen after one value, half of them after two, wherever they stand. */
const GUESSED_FALLS_NATS = 10
/** Few values below this are no level, nor are those after a 0: no untrained model has such a loss, and that of a policy may begin so. */
const LEAST_LEVEL = 0.01
/** After a 0 a loss below this has shown no level to grow from, and of one below this nobody can say when it overflows. */
const LEAST_AFTER_ZERO = 1
/** The loss of a policy follows what is gained, or how far the policy has moved: below this its growth is no explosion. */
const LEAST_OF_POLICY = 100
/** Of so few values of a level no noise is known: one more rise than else, or a ratio that counts as far. */
const CHANCE_SAMPLES = 4
/** Growth at less than this share of its mean pace slackens: it is growth by a constant amount, and no explosion. */
const LEAST_PACE = 0.5
/** In so many values growth by an amount as large as the level comes to so many times as many times the level, in noise. */
const LINEAR_RATIO = 2
const QUIET_SPREAD = 0.1
/** A loss around zero has no logarithm: it must stand so many times as many spreads away. */
const SIGNED_FACTOR = 3
/** Three values do not show how a loss goes on for longer: most stop at a cap before. */
const LONGEST_FORECAST = 50
/** ln of the largest float32. */
const OVERFLOW_NATS = 88.72283905206835

const START: ExplodingState = {
  attempt: 0,
  level: NO_LEVEL,
  last: 0,
  beforeLast: 0,
  risesInARow: 0,
  farInARow: 0,
  outInARow: 0,
  firing: false,
  calmInARow: 0,
}

/**
 * Sustained growth: a loss far above its level that has risen several times in a row, or that stays very far above it.
 *
 * The level is that from before the growth. Values well above it are left out,
 * or a slow explosion would raise the level that it is compared with. Most
 * explosions come within the first five steps, so a single value is a level.
 */
export const exploding: Detector<'exploding', ExplodingFacts, ExplodingParams, ExplodingState> = perAttempt({
  name: 'exploding',
  version: 2,
  defaults: {
    warmupSamples: 1,
    ratio: 10,
    rises: 3,
    farRatio: 100,
    farSamples: 5,
    spreads: 4.5,
    largest: 1.5,
    survivedRatio: 3,
    recoverySamples: 10,
  },
  needs: ['samples'],
  profiles: {
    sensitive: { ratio: 7, farRatio: 50, spreads: 4, largest: 1.35, survivedRatio: 2 },
  },
  failureSign: { weight: 50 },
  document: {
    about: 'a loss grows on and on, far above its level',
    watches: 'losses',
    fires: ({ ratio, rises, farRatio, farSamples, spreads, largest, survivedRatio }) =>
      `at ${times(ratio)} the level (held from before the growth) and ${inWords(rises)} rises in a row, ${inWords(LEAST_OUT)} of them above ${times(CALM_RATIO)} the level; or at ${times(farRatio)} the level for ${farSamples} values; or at ${powerOfTen(SUDDEN_RATIO)} times once, ${SUDDEN_FALLS} times as far as it falls; all within ${FAST_SAMPLES} values or ${STEADY_RISES} rises in a row, at ${spreads} spreads of the logarithm and ${largest} times the largest distance so far, and at ${times(survivedRatio)} the third largest value that the loss has come back from; of a level of up to ${inWords(CHANCE_SAMPLES)} values that are not close to each other one rise more, below ${times(farRatio)} the level; of one of fewer than ${KNOWN_SAMPLES} no growth that slows down; at a loss of ${LEAST_OF_POLICY} where a policy is logged beside it, and of ${LEAST_AFTER_ZERO} where it began at 0`,
    severity: () =>
      `critical when ln(L / level) is ${FAILED_FALLS} times as far as the loss fell in its newest ${KEPT_FALLS} falls together, and below zero at ${powerOfTen(SIGNED_RATIO)} times its first values; else warning, up to ${powerOfTen(HOPELESS_RATIO)} times the level; where its target moves always so`,
  },

  headline: saysValue,

  roles: ['train_loss', 'val_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  calm(state, { attempt, values }, { warmupSamples, farRatio }) {
    const { level: before, noise: known, falls: fallsBefore, firing } = state
    if (firing || known === undefined || fallsBefore === undefined || known.out.length > 0) return null
    const hasLevels = LevelColumn.isSteady(before) && LevelColumn.isSteady(known.level)
    if (!hasLevels || !areSteady(fallsBefore) || before.count < warmupSamples || farRatio < CALM_RATIO) return null
    const column = LevelColumn.of(before, values)
    const { distances } = column
    let { last, beforeLast, risesInARow } = state
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!
      if (!(value > 0 && distances[index]! < CALM_NATS)) return null
      risesInARow = value > last ? risesInARow + 1 : 0
      beforeLast = last
      last = value
    }
    return {
      attempt,
      level: column.after,
      last,
      beforeLast,
      risesInARow,
      farInARow: 0,
      outInARow: 0,
      firing: false,
      calmInARow: 0,
      noise: noiseAlong(known, values),
      falls: column.fallsAfter(fallsBefore),
      beginsAtZero: state.beginsAtZero === true,
    }
  },

  fold(state, { attempt, value }, params, { hasMovingTarget = false, hasPolicy = false }) {
    // What is exactly 0, as the loss of an empty batch, shows no level.
    if (value === 0) return unchanged(state.level.count === 0 ? { ...state, beginsAtZero: true } : state)
    const { last, firing } = state
    const risesInARow = state.level.count > 0 && value > last ? state.risesInARow + 1 : 0
    const known = state.noise ?? NO_NOISE
    const fallsBefore = state.falls ?? NO_FALLS
    if (state.level.count < params.warmupSamples) {
      const level = foldLevel(state.level, value)
      const position = positionIn(level, value)
      const noise = noiseAfter(known, value, true, known.level === state.level ? level : null, null)
      const falls = fallsAfter(fallsBefore, position)
      return unchanged({ ...state, level, last: value, beforeLast: last, risesInARow, noise, falls })
    }

    const distance = deviation(state.level, value)
    const { ratio, position } = distance
    const falls = fallsAfter(fallsBefore, position)
    const calm = ratio < CALM_RATIO
    const farInARow = ratio >= params.farRatio ? state.farInARow + 1 : 0
    const outInARow = calm ? 0 : state.outInARow + 1
    const calmInARow = firing && calm ? state.calmInARow + 1 : 0
    const level = calm ? foldLevel(state.level, value, position) : state.level
    // As long as every value was calm both are one level, which need not be computed twice.
    const noise = noiseAfter(known, value, calm, calm && known.level === state.level ? level : null, distance)
    const next = {
      attempt,
      level,
      last: value,
      beforeLast: last,
      risesInARow,
      farInARow,
      outInARow,
      firing,
      calmInARow,
      noise,
      falls,
      beginsAtZero: state.beginsAtZero === true,
    }
    if (firing && calmInARow >= params.recoverySamples)
      return cleared({ ...next, firing: false, isWarning: false, calmInARow: 0 })
    if (calm) return unchanged(firing ? { ...next, isWarning: state.isWarning ?? false } : next)
    if (firing && !state.isWarning) return unchanged({ ...next, isWarning: false, noise: withoutOut(noise) })

    const isFast = outInARow <= FAST_SAMPLES || state.level.count < KNOWN_SAMPLES || risesInARow >= STEADY_RISES
    // What has grown for so long is the level from now on.
    if (!isFast && !firing)
      return unchanged({ ...next, level: noise.level, outInARow: 0, farInARow: 0, noise: settled(noise) })
    const isSudden = !hasMovingTarget && isBeyondDoubt(state.level, fallsBefore, distance)
    const isFar = farInARow >= params.farSamples && (isJump(next) || !slackens(state, value, outInARow, distance))
    const isFound = firing
      ? risesInARow > 0
      : value >= leastValue(state, hasPolicy) &&
        (grows(state, next, distance, params) || isFar || isSudden) &&
        isBeyondNoise(state.level, known, value, ratio, params)
    const isFailing =
      isFound &&
      (ratio >= HOPELESS_RATIO ||
        (!hasMovingTarget && outInARow <= FAST_SAMPLES && hasFailed(state, next, distance, params)))
    if (firing ? !isFailing : !isFound)
      return unchanged(firing ? { ...next, isWarning: true, noise: withoutOut(noise) } : next)
    return raised(
      { ...next, firing: true, isWarning: !isFailing, noise: withoutOut(noise) },
      isFailing ? 'critical' : 'warning',
      factsOf(state, value, ratio, risesInARow),
    )
  },
})

function factsOf(before: ExplodingState, value: Finite, ratio: number, risesInARow: number) {
  const level = typical(before.level)
  const isKnown = hasShownLevel(before) && value >= LEAST_AFTER_ZERO
  const samplesToOverflow = isKnown ? toOverflow(level, [before.beforeLast, before.last, value]) : null
  return { level, ratio, risesInARow, samplesToOverflow }
}

/** Below which value growth says nothing, however many times the level it is. */
function leastValue({ beginsAtZero = false }: ExplodingState, hasPolicy: boolean): number {
  if (hasPolicy) return LEAST_OF_POLICY
  return beginsAtZero ? LEAST_AFTER_ZERO : Number.NEGATIVE_INFINITY
}

/** Whether a loss has risen on and on until it stands far above its level. */
function grows(
  before: ExplodingState,
  { last: value, risesInARow, outInARow }: ExplodingState,
  distance: Deviation,
  params: ExplodingParams,
): boolean {
  const { ratio } = distance
  const isChance =
    before.level.count <= CHANCE_SAMPLES &&
    !isQuiet(before.level) &&
    (ratio < params.farRatio || typical(before.level) < LEAST_LEVEL)
  return (
    ratio >= params.ratio &&
    risesInARow >= (isChance ? params.rises + 1 : params.rises) &&
    outInARow >= LEAST_OUT &&
    !slackens(before, value, outInARow, distance)
  )
}

/** Whether the loss has a level to be compared with: many values, or a few that are no small numbers. */
function hasShownLevel({ level, beginsAtZero = false }: ExplodingState): boolean {
  return level.count >= KNOWN_SAMPLES || (!beginsAtZero && typical(level) >= LEAST_LEVEL)
}

/** Whether a loss got far away within a few values. */
function isJump({ farInARow, outInARow }: ExplodingState): boolean {
  return outInARow - farInARow < JUMP_SAMPLES
}

/** Whether the values of a level are so close to each other that it is none that a loss only passes on its way up. */
function isQuiet({ count, spread }: Level): boolean {
  return count > 1 && spread < QUIET_SPREAD
}

/**
 * Whether growth from a level of few values slows down.
 *
 * A loss that begins near 0 and follows the values, and a mean of losses that begins at 0, grow by amounts that do not grow.
 */
function slackens(
  { level, beforeLast }: ExplodingState,
  value: number,
  outInARow: number,
  { ratio, position }: Deviation,
): boolean {
  if (level.count >= KNOWN_SAMPLES || level.isSigned) return false
  if (!isQuiet(level) && ratio <= LINEAR_RATIO * outInARow) return true
  return Math.log(value / beforeLast) / 2 < (LEAST_PACE * (position - level.mean)) / outInARow
}

/** Whether a single value is enough: so far up that nothing the loss ever did compares with it. */
function isBeyondDoubt(level: Level, falls: Falls, { ratio, position }: Deviation): boolean {
  return (
    ratio >= SUDDEN_RATIO &&
    !level.isSigned &&
    falls.count >= KEPT_FALLS &&
    position - level.mean >= SUDDEN_FALLS * fallen(falls)
  )
}

/**
 * Whether a loss so far up has failed, if its target does not move.
 *
 * Logs of reinforcement learning often name nothing but the loss. It grows with
 * what is gained, up and down; so it must have risen farther than it falls. One
 * that goes below zero has no untrained model's loss to be compared with.
 */
function hasFailed(
  before: ExplodingState,
  after: ExplodingState,
  distance: Deviation,
  params: ExplodingParams,
): boolean {
  const { level, firing, falls = NO_FALLS } = before
  const { last: value, farInARow, outInARow } = after
  const { ratio, position } = distance
  if (level.isSigned) return ratio >= SIGNED_RATIO
  const rise = position - level.mean
  const isFar = farInARow >= params.farSamples && !firing
  if (!hasShownLevel(before) || (!(isFar && isJump(after)) && slackens(before, value, outInARow, distance)))
    return false
  return (
    (isFar && ratio >= SUDDEN_RATIO) ||
    rise >= FAILED_FALLS * (fallen(falls) + guessedFalls(level.count, falls.values + 1))
  )
}

/** How far a loss of so few values may fall yet, in nats. */
function guessedFalls(levelSamples: number, samples: number): number {
  return Math.max(GUESSED_LEVEL_NATS / levelSamples, GUESSED_FALLS_NATS / samples)
}

/** Whether a value is farther away than the noise of this loss takes it, and than it has come back from. */
function isBeyondNoise(level: Level, noise: Noise, value: Finite, ratio: number, params: ExplodingParams): boolean {
  const { count, isSigned } = level
  const spread = (count * noise.calmSpread + GUESSED_SAMPLES * GUESSED_SPREAD) / (count + GUESSED_SAMPLES)
  const distance = (isSigned ? (ratio - 1) / SIGNED_FACTOR : Math.log(ratio)) / spread
  return (
    distance >= Math.max(params.spreads, params.largest * noise.calmZ) &&
    value >= params.survivedRatio * survivedBy(noise)
  )
}

/**
 * After how many values a float32 overflows: the sooner of two extrapolations.
 *
 * Growth by a constant factor is a line in the logarithm. Most explosions are
 * faster: there the distance of the logarithm from that of the level grows by a
 * constant factor.
 */
function toOverflow(level: number, [first, middle, last]: readonly [number, number, number]): number | null {
  if (!(level > 0 && first > level && middle > first && last > middle)) return null
  const logarithm = Math.log(last)
  if (logarithm >= OVERFLOW_NATS) return 0
  const linear = (OVERFLOW_NATS - logarithm) / ((logarithm - Math.log(first)) / 2)
  const rise = Math.log(last / level)
  const growth = Math.sqrt(rise / Math.log(first / level))
  const geometric = Math.log((OVERFLOW_NATS - Math.log(level)) / rise) / Math.log(growth)
  const sooner = Math.min(linear, geometric > 0 ? geometric : linear)
  // Values that differ only in their last digits do not show how fast they grow.
  return sooner <= LONGEST_FORECAST ? Math.max(1, Math.ceil(sooner)) : null
}
