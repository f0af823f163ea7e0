import type { LostGround } from './ground.ts'
import { MAD_TO_SIGMA, stepSpreadOf } from './spread-of-few.ts'
import { median } from './whole-course.ts'

/** From how many values on the thirds of a loss say anything. */
export const LEAST_THIRDS = 12
/** The beginning is the median of so many values. */
const BEGINNING = 3
/** A net that guesses may stand a little below the loss of its first weights. */
export const AT_START_SHARE = 0.95
/** What stands farther above it has not come back to it, and is judged by its best level. */
const MOST_START_SHARE = 1.3
/** It must have fallen to this share of its start. */
export const BACK_FALLEN_SHARE = 0.72
/** So many spreads, of the last third or of the best one, must lie between the two. */
export const BACK_SPREADS = 4
/** Each of the last third stands above the best one by so much of the way back. */
const EACH_SHARE = 0.3

/**
 * Whether the last third of a loss stands where it began, far above its best third; null where it does not.
 *
 * So does a net that has died: it had learned something, and guesses again.
 */
export function backAtStart(values: readonly number[]): LostGround | null {
  const third = Math.floor(values.length / 3)
  const start = median(values.slice(0, BEGINNING))
  if (values.length < LEAST_THIRDS || values.at(-1)! < EACH_SHARE * AT_START_SHARE * start) return null
  const last = values.slice(-third)
  // Most losses are below their start: to count that is faster than a median.
  if (2 * last.filter((value) => value >= AT_START_SHARE * start).length < third) return null
  const level = median(last)
  if (level < AT_START_SHARE * start || level > MOST_START_SHARE * start) return null
  // Nor has it a third that is far below, where too few values are: to count is faster, again.
  const before = values.slice(0, -third)
  if (2 * before.filter((value) => value <= BACK_FALLEN_SHARE * level).length < third) return null
  const best = bestThird(before, third)
  const bestLevel = median(best)
  if (bestLevel <= 0 || bestLevel > BACK_FALLEN_SHARE * level) return null
  const spread = Math.max(
    MAD_TO_SIGMA * median(last.map((value) => Math.abs(value - level))),
    stepSpreadOf(last),
    stepSpreadOf(best),
  )
  const isApart = Math.min(...last) >= bestLevel + EACH_SHARE * (level - bestLevel)
  return isApart && level - bestLevel >= BACK_SPREADS * spread ? { best: bestLevel, level, samples: third } : null
}

/** The neighbours with the lowest median. */
function bestThird(values: readonly number[], third: number): readonly number[] {
  const windows = Array.from({ length: values.length - third + 1 }, (_, at) => values.slice(at, at + third))
  return windows.reduce((one, other) => (median(other) < median(one) ? other : one))
}
