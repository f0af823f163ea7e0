import type { Finite } from '../../protocol/value.ts'
import { MAD_TO_SIGMA } from './spread-of-few.ts'

/**
 * The whole course of a series in a bounded number of block means.
 *
 * A block holds one value at first. Each time there are `MOST_BLOCKS` of them,
 * two neighbours become one, so a run of any length is between half as many
 * blocks and all of them.
 */
export type WholeCourse = {
  readonly count: number
  readonly first: number
  readonly blockSamples: number
  readonly sum: number
  readonly inBlock: number
  readonly blocks: readonly number[]
}

/** How far a series has come from its first third to its last, as shares of its first level. */
export interface Fall {
  /** The level of the last third of the blocks. */
  readonly level: number
  readonly share: number
  /** The standard error of that, by the differences between neighbouring blocks. */
  readonly error: number
  /** The standard deviation of a single value. */
  readonly noise: number
  /** How far its first value stands above the last third, in standard deviations of a value and as a share. */
  readonly firstAbove: { readonly sigmas: number; readonly share: number }
}

/** A fall is sure at this many negative standard deviations of the rank test. */
export const SURE_Z = 4
/** The smallest fall that a long log should show. */
export const SHOWN_SHARE = 0.05
/** The order of the data explains a drift from the first third to the last of this share, within the noise of single batches. */
export const DRIFT_SHARE = 0.1
const DRIFT_SIGMAS = 3
/** So many values are needed beside a 0 that may be a rounded number. */
export const ROUNDED_SAMPLES = 60
/** A 0 of so many decimals stands for less than anything learns with. */
export const TELLING_DECIMALS = 6
/** A 0 of so many decimals is exact: no rate of any method would be printed so. */
export const EXACT_DECIMALS = 7
/** By how many standard deviations the first value may stand above the others: a loss may have fallen before its second one. */
export const FIRST_SIGMAS = 3
const MOST_BLOCKS = 64
/** Larger values would overflow in a sum. */
const LARGEST_MAGNITUDE = 1e100
/** The standard error of a median in those of a mean. */
const MEDIAN_ERROR = 1.2533

export const NO_COURSE: WholeCourse = { count: 0, first: 0, blockSamples: 1, sum: 0, inBlock: 0, blocks: [] }

/** The course after one more value. */
export function foldCourse(progress: WholeCourse, raw: Finite): WholeCourse {
  const value = Math.max(-LARGEST_MAGNITUDE, Math.min(LARGEST_MAGNITUDE, raw))
  const first = progress.count === 0 ? value : progress.first
  const count = progress.count + 1
  const [sum, inBlock] = [progress.sum + value, progress.inBlock + 1]
  const { blockSamples } = progress
  if (inBlock < blockSamples) return { count, first, blockSamples, sum, inBlock, blocks: progress.blocks }
  const blocks = [...progress.blocks, sum / blockSamples]
  if (blocks.length < MOST_BLOCKS) return { count, first, blockSamples, sum: 0, inBlock: 0, blocks }
  const halved = blocks.flatMap((block, at) => (at % 2 === 0 ? [] : [(blocks[at - 1]! + block) / 2]))
  return { count, first, blockSamples: 2 * blockSamples, sum: 0, inBlock: 0, blocks: halved }
}

/** Whether the newest value completed a block: between two of them nothing changes. */
export function isNewBlock({ inBlock, count }: WholeCourse): boolean {
  return inBlock === 0 && count > 0
}

/**
 * The trend of the blocks by the rank test of Mann and Kendall: below −2 they fall, above 2 they rise, with near certainty.
 *
 * It compares each block with each later one and looks at signs only, so a few
 * outliers count for little.
 */
export function trendZ({ blocks }: WholeCourse): number {
  let score = 0
  for (let later = 1; later < blocks.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) score += Math.sign(blocks[later]! - blocks[earlier]!)
  }
  const n = blocks.length
  return score === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}

/** Whether the blocks fall, with near certainty. */
export function isFalling(course: WholeCourse): boolean {
  return trendZ(course) < -SURE_Z
}

/** Whether the blocks fall by more than the order of the data explains, with near certainty. */
function isLearning(course: WholeCourse): boolean {
  return isFalling(course) && !isDrift(course)
}

/**
 * How gravely a loss that stands still speaks beside a 0: by its ranks, or where it drifts no more than the order of the
 * data explains. Null where it moves.
 *
 * A 0 that the log has rounded to `zeroDecimals` proves nothing by itself, and a loss may fall slowly at first: a
 * fine-tune at 0.00002 falls by few percent. So only a long log counts, and of a short one many decimals are noted; of a
 * long one few are noted: fewer than
 * `quietDecimals` where the loss is quiet enough to show a fall. Where it need not fall though all goes well, only such a
 * quiet one counts.
 */
export function stillSeverity(
  course: WholeCourse,
  stillZ: number,
  zeroDecimals: number | null,
  quietDecimals: number,
  shouldFall: boolean,
): 'warning' | 'info' | null {
  const hasNoTrend = Math.abs(trendZ(course)) < stillZ
  if (zeroDecimals === null) return hasNoTrend || isDrift(course) ? 'warning' : null
  const fall = fallOf(course)
  const isQuiet = fall !== null && Math.abs(fall.share) + 2 * fall.error < SHOWN_SHARE
  if (!hasNoTrend || (!isQuiet && (!shouldFall || (fall !== null && fellAtOnce(fall, SHOWN_SHARE))))) return null
  if (course.count < ROUNDED_SAMPLES) return zeroDecimals >= TELLING_DECIMALS && isQuiet ? 'info' : null
  return zeroDecimals >= (isQuiet ? quietDecimals : TELLING_DECIMALS) ? 'warning' : 'info'
}

/** Whether the first value stands above the others by this share of their level and beyond their noise: the fall came before the second. */
export function fellAtOnce({ firstAbove: { sigmas, share } }: Fall, leastShare: number): boolean {
  return sigmas > FIRST_SIGMAS && share > leastShare
}

/** Whether the first value stands so far below the others: the loss has risen, which other rules tell. */
export function roseAtOnce({ firstAbove: { sigmas, share } }: Fall, leastShare: number): boolean {
  return sigmas < -FIRST_SIGMAS && share < -leastShare
}

/** The fewer of the decimals of some zeros that the log may have rounded; null where each is as good as exact. */
export function fewestDecimals(...decimals: readonly (number | null | undefined)[]): number | null {
  const rounded = decimals.filter((count) => typeof count === 'number' && count < EXACT_DECIMALS) as readonly number[]
  return rounded.length === 0 ? null : Math.min(...rounded)
}

/** Whether the loss falls all the same beside such a 0: by more than the order of the data explains, where that is exact. */
export function fallsAllTheSame(course: WholeCourse, zeroDecimals: number | null): boolean {
  return zeroDecimals === null ? isLearning(course) : isFalling(course)
}

function isDrift(course: WholeCourse): boolean {
  const fall = fallOf(course)
  return fall !== null && Math.abs(fall.share) - fall.error < Math.min(DRIFT_SHARE, DRIFT_SIGMAS * fall.noise)
}

/** How far the blocks have fallen; null of fewer than three, and where one is not above zero and shares mean nothing. */
export function fallOf({ blocks, first, blockSamples }: WholeCourse): Fall | null {
  const third = Math.floor(blocks.length / 3)
  if (third === 0 || blocks.some((block) => block <= 0)) return null
  const before = median(blocks.slice(0, third))
  const level = median(blocks.slice(-third))
  const differences = blocks.slice(1).map((block, at) => Math.abs(block - blocks[at]!))
  const sigma = (MAD_TO_SIGMA * median(differences)) / Math.SQRT2
  const sigmaOfOne = sigma * Math.sqrt(blockSamples)
  return {
    level,
    share: (before - level) / before,
    noise: sigmaOfOne / before,
    error: (MEDIAN_ERROR * sigma * Math.sqrt(2 / third)) / before,
    firstAbove: {
      sigmas:
        first <= level ? 0 : Math.min((first - level) / Math.max(sigmaOfOne, Number.MIN_VALUE), LARGEST_MAGNITUDE),
      share: (first - level) / before,
    },
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
