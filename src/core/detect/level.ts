import type { Finite } from '../../protocol/value.ts'

/**
 * A robust running level and spread of a loss, in a shifted log domain.
 *
 * The domain is u = ln(L + c · reference): ratios matter while the loss is
 * large, and differences once it is near zero, where pure logarithms would
 * turn noise into explosions. Deviations are clipped to three spreads before
 * they enter (Huber), so one outlier moves neither level nor spread by much.
 */
export type Level = {
  /** Finite values folded in so far. */
  readonly count: number
  /** The scale of this loss: the largest magnitude among its first values. */
  readonly reference: number
  /** The level, in the shifted log domain. */
  readonly mean: number
  /** Mean absolute deviation times √(π/2), which estimates σ for a normal residual. */
  readonly spread: number
}

export interface Deviation {
  /** The loss that the level stands for, in the loss's own unit. */
  readonly level: number
  /** How many times the shifted level the shifted value is. */
  readonly ratio: number
  /** Distance from the level in spreads. */
  readonly z: number
}

/** c in u = ln(L + c · reference). */
const SHIFT = 0.05
/** The share of a new value in the level: about 66 values of memory. */
const GAIN = 0.03
const CLIP_SPREADS = 3
const SMALLEST_SPREAD = 1e-3
const REFERENCE_SAMPLES = 20
/** √(π/2): mean absolute deviation to σ of a normal distribution. */
const MAD_TO_SIGMA = 1.2533141373155003

export const NO_LEVEL: Level = { count: 0, reference: 0, mean: 0, spread: 0 }

/** How far `value` stands from the level of the values before it; the level must hold at least one. */
export function deviation(level: Level, value: Finite): Deviation {
  const r = shiftedLog(level, value) - level.mean
  return {
    level: Math.exp(level.mean) - SHIFT * level.reference,
    ratio: Math.exp(r),
    z: r / Math.max(level.spread, SMALLEST_SPREAD),
  }
}

/** The level after one more value. Every value it sees is finite: a NaN would stay in it for ever. */
export function foldLevel(level: Level, value: Finite): Level {
  if (level.count < REFERENCE_SAMPLES && Math.abs(value) > level.reference) {
    return rescaled(level, value)
  }
  const u = shiftedLog(level, value)
  const gain = Math.max(GAIN, 1 / (level.count + 1))
  const r = u - level.mean
  const bound = CLIP_SPREADS * Math.max(level.spread, SMALLEST_SPREAD)
  const clipped = level.count < REFERENCE_SAMPLES ? r : Math.min(bound, Math.max(-bound, r))
  return {
    count: level.count + 1,
    reference: level.reference,
    mean: level.mean + gain * clipped,
    spread: level.spread + gain * (MAD_TO_SIGMA * Math.abs(clipped) - level.spread),
  }
}

/** The first values may raise the reference; the level is carried over into the new domain. */
function rescaled(level: Level, value: Finite): Level {
  const reference = Math.abs(value)
  if (level.count === 0) {
    return {
      count: 1,
      reference,
      mean: Math.log(Math.max(value, 0) + SHIFT * reference || Number.MIN_VALUE),
      spread: 0,
    }
  }
  const before = Math.exp(level.mean) - SHIFT * level.reference
  const carried = { ...level, reference, mean: Math.log(Math.max(before, 0) + SHIFT * reference) }
  const r = shiftedLog(carried, value) - carried.mean
  const gain = 1 / (level.count + 1)
  return {
    count: level.count + 1,
    reference,
    mean: carried.mean + gain * r,
    spread: carried.spread + gain * (MAD_TO_SIGMA * Math.abs(r) - carried.spread),
  }
}

function shiftedLog(level: Level, value: Finite): number {
  // A loss that is 0 from the start has no scale: the smallest double keeps the logarithm finite.
  return Math.log(Math.max(value, 0) + SHIFT * level.reference || Number.MIN_VALUE)
}
