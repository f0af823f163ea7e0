import type { Detector } from './detector.ts'
import { deviation, foldLevel, type Level, NO_LEVEL, typical } from './level.ts'
import { perAttempt } from './per-attempt.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { inWords, times } from './threshold-wording.ts'
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
}

/** Below this many times its level a loss is calm. */
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
 * Sustained growth: a loss far above its level that has risen several times in a row, or that stays very far above it.
 *
 * The level is that from before the growth. Values well above it are left out,
 * or a slow explosion would raise the level that it is compared with. Most
 * explosions come within the first five steps, so a single value is a level.
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
