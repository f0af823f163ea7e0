import type { Finite } from '../../protocol/value.ts'
import { lossAt, NO_LEVEL, SHIFT, shiftedLog } from './level.ts'
import { foldOrder, isLevelLost, type LowOrder, NO_ORDER } from './low-order.ts'
import { MAD_TO_SIGMA, STEP_TO_SIGMA, stepSpreadOf } from './spread-of-few.ts'

/** How a loss is compared with the best level of its beginning. */
export type GroundParams = {
  /** From how many values on it is enough to stand as many spreads above as is asked; from three quarters of these on it must be some more. */
  readonly leastSamples: number
  /** How many of the first values are the beginning. */
  readonly beginSamples: number
  /** How many times its best level the newest ones must stand at. */
  readonly ratio: number
  /** How many of their own spreads they must stand above it, too. */
  readonly spreads: number
}

/**
 * The best level of the beginning of a loss, and the newest values as long as they stand above it.
 *
 * The best level is the lowest median of three values in a row, so one lucky
 * batch is none; `low-order.ts` tells a few of them from a level. A loss that stays near its best or goes below it leaves
 * `newest` empty, and the state is a handful of numbers.
 */
export type Ground = {
  /** Values so far. Once more make no difference those that are at the best level no longer count. */
  readonly count: number
  /** The values of the beginning. Not there after it, nor in older states. */
  readonly early?: readonly number[]
  /** In which order values near the best level and others came. There after the beginning; older states lack it. */
  readonly order?: LowOrder
  /** The largest of the first three values, which the shifted logarithm takes as the scale. Zeros before them do not count. */
  readonly reference: number
  /** Whether it went below zero. A ratio then means nothing, and nothing is said. */
  readonly isSigned: boolean
  /** The best level, as a loss; null before there are three values. */
  readonly best: number | null
  /** One more for each value well above the best level, and some less for any other. */
  readonly score: number
  /** The newest values since the score was 0, in the domain of u. */
  readonly newest: readonly number[]
  /** The first values, while it is open whether the first stands alone below a level. Not there where it does not. */
  readonly opening?: readonly number[]
  /** The largest value of the beginning, and how many of its newest values in a row were the largest so far. Not there after it. */
  readonly highest?: number
  readonly risesInARow?: number
  /** The largest value before the score was above 0, if that was in the beginning. */
  readonly highestBefore?: number
  /** The sum of the differences between neighbouring values of the beginning, in the domain of u. Older states lack it. */
  readonly steps?: number
  /** The largest of the newest values of the beginning that stand above, and the largest it came back from. Not there without any. */
  readonly above?: number
  readonly returned?: number
}

/** A loss that stands far above its best level. */
export interface LostGround {
  readonly best: number
  readonly level: number
  /** For how many values at least. */
  readonly samples: number
}

export const NO_GROUND: Ground = {
  count: 0,
  early: [],
  reference: 0,
  isSigned: false,
  best: null,
  score: 0,
  newest: [],
}

const MEDIAN_OF = 3
/** The newest quarter of all values must stand above, but never fewer than five of them, nor more than thirty. */
const NEWEST_SHARE = 1 / 4
export const FEWEST_NEWEST = 5
export const MOST_NEWEST = 30
/** A value counts as above from this share of the logarithm of the ratio on. */
const ABOVE_SHARE = 0.6
/** What a value below takes from the score: of the newest values one in five may be low. */
const BELOW_COSTS = 4
/** A loss that was about as high before and came back may be one of two kinds of batches: half of all values must stand above then. */
const RETURNED_SHARE = 0.9
export const FEWEST_RETURNED = 10
/** The spreads of all later values that a first value alone must stand below them: a lucky batch does not. */
export const LONE_SPREADS = 20
/** And the largest spread of theirs: where single batches differ by more, a first one may be an easy one. */
export const LONE_NOISE = 0.06
/** By what share of that distance they may fall: one that falls faster is on its way back. */
export const LONE_FALL = 0.05
/** What a job divides its first mean by, where it prints the sum over one batch as that over many. */
const BATCHES_OF_A_MEAN = [10, 20, 50, 100, 200, 500, 1000]
const MEAN_TOLERANCE = 0.15
/**
 * So many values in a row, each the largest so far, are no noise: chance orders one run in 3,000 like that, whatever its
 * noise. The last must stand at the square of the ratio.
 */
export const RISES = 4
/**
 * So many times as far above as is asked, in the logarithm, is far whatever the noise is: of values that rise on and on, and
 * of the newest ones where each since the score was 0 stands so far above all before.
 */
const FAR_TIMES = 2
/** How many standard deviations of the noise of its beginning a loss must stand above. */
export const NOISE_SPREADS = 4
const SURE_SHARE = 3 / 4
const LARGEST_MAGNITUDE = 1e308

/** The ground after one more value. */
export function foldGround(ground: Ground, raw: Finite, params: GroundParams): Ground {
  if (ground.isSigned || (ground.reference === 0 && ground.early?.length === 0 && raw === 0)) return ground
  const value = Math.min(raw, LARGEST_MAGNITUDE)
  return value < -SHIFT * ground.reference ? { ...NO_GROUND, isSigned: true } : withValue(ground, value, params)
}

function withValue(ground: Ground, value: number, params: GroundParams): Ground {
  const { early, reference, steps = 0 } = ground
  // The way of nearly all values of a run that learns.
  const isAtBest = early === undefined && ground.score === 0 && ground.count >= countThatMatters(params)
  if (isAtBest && value <= ground.best!) return ground
  const count = ground.count + 1
  if (ground.best === null) return begun({ ...ground, count, early: [...early!, value] }, params)
  if (ground.opening !== undefined) return opened(ground, [...ground.opening, value], params)

  const begin = early && [...early, value]
  const best = begin ? Math.min(ground.best, median(begin.slice(-MEDIAN_OF))) : ground.best
  const u = shiftedLog(value, reference)
  const above = aboveFrom(best, reference, params)
  const isAbove = u >= above
  if (isAtBest && !isAbove) return ground
  const score = isAbove ? Math.min(ground.score + 1, MOST_NEWEST) : Math.max(0, ground.score - BELOW_COSTS)
  const newest = score === 0 ? NO_GROUND.newest : [...ground.newest.slice(1 - MOST_NEWEST), u]
  const highestBefore = ground.score === 0 ? ground.highest : ground.highestBefore
  const standing = score === 0 || highestBefore === undefined ? {} : { highestBefore }
  const came = returns(ground, begin && isAbove ? value : 0)
  const after = { count, reference, isSigned: false, best, score, newest, steps, ...standing, ...came }
  if (!begin) return ground.order === undefined ? after : { ...after, order: foldOrder(ground.order, !isAbove) }
  const order = count < params.beginSamples ? { early: begin } : { order: orderOf(begin, above, reference) }
  const step = Math.abs(u - shiftedLog(early.at(-1)!, reference))
  return { ...after, ...order, steps: steps + step, ...rises(ground, value) }
}

/** From which position on a value is above the best level. */
function aboveFrom(best: number, reference: number, { ratio }: GroundParams): number {
  return shiftedLog(best, reference) + ABOVE_SHARE * Math.log(ratio)
}

/** In which order those below this position and others came. */
function orderOf(values: readonly number[], position: number, reference: number): LowOrder {
  return values.reduce((order, value) => foldOrder(order, shiftedLog(value, reference) < position), NO_ORDER)
}

/** What a loss has lost that stands far above its best level, or null. */
export function lostGround(ground: Ground, params: GroundParams): LostGround | null {
  const { count, reference, best, score, newest, steps = 0, returned = 0 } = ground
  const { leastSamples, beginSamples, ratio, spreads } = params
  if (best === null || count < sureSamples(params)) return null
  const start = shiftedLog(best, reference)
  const lost = (chosen: readonly number[]) => {
    return { best, level: lossAt({ ...NO_LEVEL, reference }, median(chosen)), samples: chosen.length }
  }
  const isFar = newest.length > 0 && newest.at(-1)! - start >= FAR_TIMES * Math.log(ratio)
  if (isFar && isRising(ground) && hadLevel(ground, aboveFrom(best, reference, params)))
    return lost(newest.slice(-RISES))
  const samples = Math.max(FEWEST_NEWEST, Math.min(MOST_NEWEST, Math.ceil(NEWEST_SHARE * count)))
  if (score < samples) return null
  const chosen = newest.slice(-samples)
  if (isApart(ground, ratio)) return lost(chosen)
  const level = median(chosen)
  const hasReturned = returned > 0 && shiftedLog(returned, reference) - start >= RETURNED_SHARE * (level - start)
  if (hasReturned && score < Math.min(MOST_NEWEST, Math.max(FEWEST_RETURNED, count / 2))) return null
  // A few values of a noisy loss may be close to each other by chance: the noise of the beginning counts as well.
  const noise = (STEP_TO_SIGMA * steps) / Math.min(count, beginSamples)
  // Fewer say less of their spread.
  const surer = Math.max(1, leastSamples / count)
  const asked = Math.max(Math.log(ratio), surer * spreads * spreadOf(chosen, level), NOISE_SPREADS * noise)
  return level - start < asked || !hadLevel(ground, level - ABOVE_SHARE * asked) ? null : lost(chosen)
}

/** Whether its best level was one, and no luck: by the order of those below this position and others, or near the best and not. */
function hadLevel({ count, early, order, reference }: Ground, position: number): boolean {
  const known = early === undefined ? order : orderOf(early, position, reference)
  if (known === undefined) return true
  // A first value that stands alone below a level has shown that by how far it does.
  return (known.lows === 1 && known.highs === 0) || isLevelLost(known, count)
}

/** Whether the newest values of a beginning rise on and on, after at least as many that did not. */
function isRising({ count, score, risesInARow = 0 }: Ground): boolean {
  return score >= RISES && risesInARow >= RISES && risesInARow <= count / 2
}

/** Whether each of the newest values stands far above all that came before them. */
function isApart({ highestBefore, newest, reference }: Ground, ratio: number): boolean {
  if (highestBefore === undefined) return false
  return Math.min(...newest) - shiftedLog(highestBefore, reference) >= FAR_TIMES * Math.log(ratio)
}

/** What stands above and what came back, after one more value; 0 for one that does not stand above. */
function returns({ above = 0, returned = 0 }: Ground, value: number): Pick<Ground, 'above' | 'returned'> {
  if (value > 0) return { above: Math.max(above, value), ...(returned === 0 ? {} : { returned }) }
  const largest = Math.max(above, returned)
  return largest === 0 ? {} : { returned: largest }
}

function rises({ highest = 0, risesInARow = 0 }: Ground, value: number): Pick<Ground, 'highest' | 'risesInARow'> {
  return value > highest ? { highest: value, risesInARow: risesInARow + 1 } : { highest, risesInARow: 0 }
}

/** The standard deviation of a few values, by two estimates of which the larger counts: one of them alone is often too small. */
function spreadOf(values: readonly number[], level: number): number {
  return Math.max(MAD_TO_SIGMA * median(values.map((u) => Math.abs(u - level))), stepSpreadOf(values))
}

/** Whether the loss is near its best level. That of a new attempt is unknown before it has a beginning. */
export function isRegained({ count, score }: Ground, { leastSamples }: GroundParams): boolean {
  return score === 0 && count >= leastSamples
}

/** The first best level, once there are values enough for a median. */
function begun(ground: Ground, { ratio }: GroundParams): Ground {
  const { early: last = [] } = ground
  if (last.some((value) => value < 0)) return { ...NO_GROUND, isSigned: true }
  if (last.length < MEDIAN_OF) return ground
  const [first, ...others] = last
  const highest = Math.max(...last)
  const best = median(last)
  const isBack = last[1]! > ratio ** ABOVE_SHARE * best && last[0]! <= best && last[2]! <= best
  const next = { ...ground, reference: highest, best, highest, ...(isBack ? { returned: highest } : {}) }
  return first! > 0 && others.every((value) => value >= ratio * first!) ? { ...next, opening: last } : next
}

/** The ground after a few values of which the first may stand alone: once there are enough, that one is the best level or forgotten. */
function opened(ground: Ground, opening: readonly number[], params: GroundParams): Ground {
  const { reference } = ground
  if (opening.length < sureSamples(params)) return { ...ground, count: opening.length, opening }
  const [first, ...others] = opening
  const start: Ground = { ...NO_GROUND, count: MEDIAN_OF, reference, highest: reference }
  if (isLone(first!, others, reference, params)) {
    const newest = others.map((value) => shiftedLog(value, reference))
    return {
      ...start,
      count: opening.length,
      early: opening,
      best: first!,
      score: newest.length,
      newest,
      highest: Math.max(...opening),
    }
  }
  const begin: Ground = { ...start, early: opening.slice(0, MEDIAN_OF), best: median(opening.slice(0, MEDIAN_OF)) }
  return opening.slice(MEDIAN_OF).reduce((before, value) => withValue(before, value, params), begin)
}

/** Whether a first value is a level that the loss has lost since: all others stand far above, and hardly fall. */
function isLone(first: number, others: readonly number[], reference: number, { ratio }: GroundParams): boolean {
  if (others.some((value) => value < ratio * first)) return false
  const us = others.map((value) => shiftedLog(value, reference))
  const level = median(us)
  const isMean = BATCHES_OF_A_MEAN.some((batches) => Math.abs(median(others) / first / batches - 1) < MEAN_TOLERANCE)
  const third = Math.floor(us.length / 3)
  const fallen = median(us.slice(0, third)) - median(us.slice(-third))
  const lost = level - shiftedLog(first, reference)
  const spread = spreadOf(us, level)
  return !isMean && spread <= LONE_NOISE && fallen <= LONE_FALL * lost && lost >= LONE_SPREADS * spread
}

/** From how many values on a loss may be lost. */
export function sureSamples({ leastSamples }: Pick<GroundParams, 'leastSamples'>): number {
  return Math.ceil(SURE_SHARE * leastSamples)
}

/** More values than these change neither the best level nor how many of the newest must stand above. */
function countThatMatters({ beginSamples, leastSamples }: GroundParams): number {
  return Math.max(beginSamples, leastSamples, MOST_NEWEST / NEWEST_SHARE)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
