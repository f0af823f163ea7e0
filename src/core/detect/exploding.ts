import type { Finite } from '../../protocol/value.ts'
import type { Detector } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL, typical } from './level.ts'
import { HOPELESS_RATIO } from './moving-target.ts'
import { KNOWN_SAMPLES, NO_NOISE, type Noise, noiseAfter, settled, survivedBy, withoutOut } from './noise-memory.ts'
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
  /** While it fires: whether only as a warning, because the target of the loss moves. Not there where it is critical. */
  readonly isWarning?: boolean
  /** What the loss has shown of its noise. States that were saved before there was such a thing lack it. */
  readonly noise?: Noise
}

/** Below this many times its level a loss is calm. */
const CALM_RATIO = 2
/** How many values in a row must be beyond that: one alone that ends a chance row of rises is a spike. */
const LEAST_OUT = 2
/** After few values the spread is a guess: it counts as so many values of this spread. */
const GUESSED_SPREAD = 0.5
const GUESSED_SAMPLES = 5
/** A loss that has needed more values than this, and has not risen at each of the newest, grows and does not explode. */
const FAST_SAMPLES = 30
const STEADY_RISES = 10
/** A loss around zero has no logarithm: it must stand so many times as many spreads away. */
const SIGNED_FACTOR = 3
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
      `at ${times(ratio)} the level (held from before the growth) and ${inWords(rises)} rises in a row, ${inWords(LEAST_OUT)} of them above ${times(CALM_RATIO)} the level; or at ${times(farRatio)} the level for ${farSamples} values; both within ${FAST_SAMPLES} values or ${STEADY_RISES} rises in a row, at ${spreads} spreads of the logarithm and ${largest} times the largest distance so far, and at ${times(survivedRatio)} the third largest value that the loss has come back from`,
    severity: () =>
      `critical; warning where the target of the loss moves, up to ${powerOfTen(HOPELESS_RATIO)} times the level`,
  },

  headline: saysValue,

  roles: ['train_loss', 'val_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  fold(state, { attempt, value }, params, { hasMovingTarget = false }) {
    const { last, firing } = state
    const risesInARow = state.level.count > 0 && value > last ? state.risesInARow + 1 : 0
    const known = state.noise ?? NO_NOISE
    if (state.level.count < params.warmupSamples) {
      const level = foldLevel(state.level, value)
      const noise = noiseAfter(known, value, true, known.level === state.level ? { level, z: 0 } : null)
      return unchanged({ ...state, level, last: value, beforeLast: last, risesInARow, noise })
    }

    const { ratio, z } = deviation(state.level, value)
    const calm = ratio < CALM_RATIO
    const farInARow = ratio >= params.farRatio ? state.farInARow + 1 : 0
    const outInARow = calm ? 0 : state.outInARow + 1
    const calmInARow = firing && calm ? state.calmInARow + 1 : 0
    const level = calm ? foldLevel(state.level, value) : state.level
    // As long as every value was calm both are one level, which need not be computed twice.
    const noise = noiseAfter(known, value, calm, calm && known.level === state.level ? { level, z } : null)
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
    }
    if (firing) {
      if (calmInARow >= params.recoverySamples)
        return cleared({ ...next, firing: false, isWarning: false, calmInARow: 0 })
      if (!state.isWarning || !(ratio >= HOPELESS_RATIO))
        return unchanged({ ...next, isWarning: state.isWarning ?? false, noise: calm ? noise : withoutOut(noise) })
      return raised({ ...next, isWarning: false }, 'critical', factsOf(state, value, ratio, risesInARow))
    }

    const isFast = outInARow <= FAST_SAMPLES || state.level.count < KNOWN_SAMPLES || risesInARow >= STEADY_RISES
    // What has grown for so long is the level from now on.
    if (!isFast) return unchanged({ ...next, level: noise.level, outInARow: 0, farInARow: 0, noise: settled(noise) })
    const grows = ratio >= params.ratio && risesInARow >= params.rises && outInARow >= LEAST_OUT
    if (!(grows || farInARow >= params.farSamples) || !isBeyondNoise(state.level, known, value, ratio, params)) {
      return unchanged(next)
    }
    const isWarning = hasMovingTarget && ratio < HOPELESS_RATIO
    const severity = isWarning ? 'warning' : 'critical'
    return raised(
      { ...next, firing: true, isWarning, noise: withoutOut(noise) },
      severity,
      factsOf(state, value, ratio, risesInARow),
    )
  },
})

function factsOf(
  { level: before, last, beforeLast }: ExplodingState,
  value: Finite,
  ratio: number,
  risesInARow: number,
) {
  const level = typical(before)
  return { level, ratio, risesInARow, samplesToOverflow: toOverflow(level, [beforeLast, last, value]) }
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
  return Number.isFinite(sooner) ? Math.max(1, Math.ceil(sooner)) : null
}
