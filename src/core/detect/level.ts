import type { Finite } from '../../protocol/value.ts'

/**
 * A robust running level and spread of a loss, in a shifted log domain.
 *
 * The domain is u = ln(L + c · reference): ratios matter while the loss is
 * large, and differences once it is near zero, where pure logarithms would
 * turn noise into explosions. A loss that goes below zero by more than the
 * shift has no logarithm: from then on u = L / reference. Deviations are
 * clipped to three spreads before they enter (Huber), so one outlier moves
 * neither level nor spread by much.
 */
export type Level = {
  /** Values folded in so far. Zeros before the first other value show no scale and do not count. */
  readonly count: number
  /** The scale of this loss: the largest magnitude among its first values. */
  readonly reference: number
  readonly isSigned: boolean
  /** The level, in the domain of u. */
  readonly mean: number
  /** Mean absolute deviation times √(π/2), which estimates σ for a normal residual. */
  readonly spread: number
}

/** How far a value is from a level. Both numbers are finite for any input, because findings are saved as JSON. */
export interface Deviation {
  /** The shifted value divided by the shifted level. For a signed loss, 1 plus its distance above the level in references. */
  readonly ratio: number
  /** Distance from the level in spreads. */
  readonly z: number
  /** The position of the value, in the domain of the level. */
  readonly position: number
}

/** c in u = ln(L + c · reference). */
export const SHIFT = 0.03
/** The share of a new value in the level: about 40 values of memory. */
export const GAIN = 0.05
/** The share of a new value in the spread, which changes more slowly: about 100 values of memory. */
export const SPREAD_GAIN = 0.02
export const CLIP_SPREADS = 3
export const SMALLEST_SPREAD = 1e-3
export const REFERENCE_SAMPLES = 20
/** √(π/2): mean absolute deviation to σ of a normal distribution. */
export const MAD_TO_SIGMA = 1.2533141373155003
/** Beyond these bounds a double would overflow in a sum, or in its exponential. */
export const LARGEST_VALUE = 1e308
const LARGEST_EXPONENT = 700
const LARGEST_POSITION = 1e100

export const NO_LEVEL: Level = { count: 0, reference: 0, isSigned: false, mean: 0, spread: 0 }

/**
 * The newest results. Several rules fold the same value into the same level, one after the other, and half of what a
 * value costs is computed once.
 */
let measured: { readonly level: Level; readonly value: Finite; readonly deviation: Deviation } | null = null
let folded: { readonly before: Level; readonly value: Finite; readonly after: Level } | null = null

/** How far `value` is from the level of the values before it. The level must hold at least one value. */
export function deviation(level: Level, value: Finite): Deviation {
  if (measured !== null && measured.level === level && Object.is(measured.value, value)) return measured.deviation
  const position = positionIn(level, value)
  const r = position - level.mean
  const deviation = {
    ratio: level.isSigned ? Math.max(0, 1 + r) : Math.exp(Math.min(r, LARGEST_EXPONENT)),
    z: r / Math.max(level.spread, SMALLEST_SPREAD),
    position,
  }
  measured = { level, value, deviation }
  return deviation
}

/** The level after one more value, whose position in the domain of the level before may be known. The value must be finite: a NaN would stay in the level for ever. */
export function foldLevel(before: Level, value: Finite, position: number | null = null): Level {
  if (folded !== null && folded.before === before && Object.is(folded.value, value)) return folded.after
  const after = folding(before, value, position)
  folded = { before, value, after }
  return after
}

function folding(before: Level, value: Finite, position: number | null): Level {
  const level = inDomainOf(before, value)
  if (level.reference === 0) return level
  // A logarithm is most of what this costs.
  const u = position !== null && level === before ? position : positionIn(level, value)
  if (level.count === 0) return { ...level, count: 1, mean: u }

  const r = u - level.mean
  const bound = CLIP_SPREADS * Math.max(level.spread, SMALLEST_SPREAD)
  const clipped = level.count < REFERENCE_SAMPLES ? r : Math.min(bound, Math.max(-bound, r))
  const share = 1 / (level.count + 1)
  // Fields instead of a spread, which is slower: every value of every log comes through here.
  return {
    count: level.count + 1,
    reference: level.reference,
    isSigned: level.isSigned,
    mean: level.mean + Math.max(GAIN, share) * clipped,
    spread: level.spread + Math.max(SPREAD_GAIN, share) * (MAD_TO_SIGMA * Math.abs(clipped) - level.spread),
  }
}

/** The level in a domain that can hold this value: one of the first values may raise the reference, and a negative one makes the level signed. */
function inDomainOf(level: Level, value: Finite): Level {
  const magnitude = Math.abs(value)
  const scaled =
    level.count < REFERENCE_SAMPLES && magnitude > level.reference ? withReference(level, magnitude) : level
  return !scaled.isSigned && value < -SHIFT * scaled.reference ? signed(scaled) : scaled
}

function withReference(level: Level, reference: number): Level {
  const raised = { ...level, reference }
  if (level.count === 0) return raised
  if (!level.isSigned) return { ...raised, mean: shiftedLog(typical(level), reference) }
  const shrink = level.reference / reference
  return { ...raised, mean: level.mean * shrink, spread: level.spread * shrink }
}

function signed(level: Level): Level {
  if (level.count === 0) return { ...level, isSigned: true }
  const share = within(LARGEST_POSITION, typical(level) / level.reference)
  // du = dL / (L + c · reference) in the one domain and dL / reference in the other.
  return { ...level, isSigned: true, mean: share, spread: level.spread * (share + SHIFT) }
}

/** The level as a loss, in the unit of the log. */
export function typical(level: Level): number {
  return lossAt(level, level.mean)
}

/** The loss at a position in the domain of the level: the inverse of `positionIn`. */
export function lossAt({ isSigned, reference }: Level, mean: number): number {
  return isSigned ? within(Number.MAX_VALUE, mean * reference) : Math.max(0, Math.exp(mean) - SHIFT * reference)
}

/** The position that is so many spreads above the level, and at least so far above it in the domain of u. */
export function positionAbove({ mean, spread }: Level, spreads: number, least: number): number {
  return mean + Math.max(spreads * Math.max(spread, SMALLEST_SPREAD), least)
}

/** The position u of a loss in the domain of the level. */
export function positionIn({ isSigned, reference }: Pick<Level, 'isSigned' | 'reference'>, value: number): number {
  return isSigned ? within(LARGEST_POSITION, value / reference) : shiftedLog(value, reference)
}

/** u = ln(L + c · reference) of a loss that is not below zero. */
export function shiftedLog(value: number, reference: number): number {
  // c times the smallest reference underflows to 0. The smallest double in its place keeps the logarithm finite.
  return Math.log(Math.min(Math.max(value, 0), LARGEST_VALUE) + SHIFT * reference || Number.MIN_VALUE)
}

function within(bound: number, value: number): number {
  return Math.max(-bound, Math.min(bound, value))
}
