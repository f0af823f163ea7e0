import type { Detector } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL, typical } from './level.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, times } from './threshold-wording.ts'
import { saysValue } from './wording.ts'

type ExplodingParams = {
  readonly warmupSamples: number
  /** How many times its level the loss must stand at. */
  readonly ratio: number
  /** After how many rises in a row. */
  readonly rises: number
  /** How many times its level the loss must stand at where it no longer rises in a row. */
  readonly farRatio: number
  /** For how many values in a row. */
  readonly farSamples: number
  /** How many calm values end the incident. */
  readonly recoverySamples: number
}

interface ExplodingFacts {
  readonly level: number
  readonly ratio: number
  readonly risesInARow: number
  /** In how many more values a float32 overflows if it goes on; null where that is not to be told. */
  readonly samplesToOverflow: number | null
}

type ExplodingState = {
  /** The pass over the steps that all of this is about. */
  readonly attempt: number
  readonly level: Level
  readonly last: number
  readonly beforeLast: number
  readonly risesInARow: number
  readonly farInARow: number
  /** Values in a row beyond what is calm. */
  readonly outInARow: number
  readonly firing: boolean
  readonly calmInARow: number
}

/** So near its level a loss is calm. */
const CALM_RATIO = 2
/** How many values in a row must be beyond that: one alone that ends a chance row of rises is a spike. */
const LEAST_OUT = 2
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
 * Sustained growth: a loss at many times its level that has risen again and again, or far above it for good.
 *
 * The level is that of before the growth: values that rise beyond it are held
 * out, or a slow enough explosion would carry its own reference along. Most
 * explosions come within the first five steps, so the first value is a level.
 */
export const exploding: Detector<'exploding', ExplodingFacts, ExplodingParams, ExplodingState> = perAttempt({
  name: 'exploding',
  version: 2,
  defaults: { warmupSamples: 1, ratio: 10, rises: 3, farRatio: 100, farSamples: 5, recoverySamples: 10 },
  needs: ['samples'],
  profiles: {
    sensitive: { ratio: 7, farRatio: 50 },
  },
  failureSign: { weight: 50 },
  document: {
    about: 'a loss grows on and on, far above its level',
    watches: 'losses',
    fires: ({ ratio, rises, farRatio, farSamples }) =>
      `at ${times(ratio)} the level (held from before the growth) and ${inWords(rises)} rises in a row, ${inWords(LEAST_OUT)} of them above ${times(CALM_RATIO)} the level; or at ${times(farRatio)} the level for ${farSamples} values`,
    severity: () => 'critical',
  },

  headline: saysValue,

  roles: ['train_loss', 'val_loss'],
  start: START,
  kept: ({ firing }) => ({ firing }),

  fold(state, { attempt, value }, params) {
    const { last, firing } = state
    const risesInARow = state.level.count > 0 && value > last ? state.risesInARow + 1 : 0
    if (state.level.count < params.warmupSamples) {
      return unchanged({ ...state, level: foldLevel(state.level, value), last: value, beforeLast: last, risesInARow })
    }

    const { ratio } = deviation(state.level, value)
    const calm = ratio < CALM_RATIO
    const farInARow = ratio >= params.farRatio ? state.farInARow + 1 : 0
    const outInARow = calm ? 0 : state.outInARow + 1
    const calmInARow = firing && calm ? state.calmInARow + 1 : 0
    const next = {
      attempt,
      level: calm ? foldLevel(state.level, value) : state.level,
      last: value,
      beforeLast: last,
      risesInARow,
      farInARow,
      outInARow,
      firing,
      calmInARow,
    }
    const grows = ratio >= params.ratio && risesInARow >= params.rises && outInARow >= LEAST_OUT
    if (!firing && (grows || farInARow >= params.farSamples)) {
      const level = typical(state.level)
      const samplesToOverflow = toOverflow(level, [state.beforeLast, last, value])
      const facts = { level, ratio, risesInARow, samplesToOverflow }
      return raised({ ...next, firing: true }, 'critical', facts)
    }
    if (firing && calmInARow >= params.recoverySamples) return cleared({ ...next, firing: false, calmInARow: 0 })
    return unchanged(next)
  },
})

/**
 * In how many values a float32 overflows: the sooner of two extrapolations.
 *
 * Growth by a constant factor is a line in the logarithm; most explosions are
 * faster, and their logarithm over that of the level grows by a factor.
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
  // Values that differ in their last digits only do not tell how fast they grow.
  return Number.isFinite(sooner) ? Math.max(1, Math.ceil(sooner)) : null
}
