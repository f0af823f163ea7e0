/**
 * How far a loss falls from one value to the next: what its noise does.
 *
 * A failing loss rises, so what it does while it fails is not in its falls, and
 * they can be compared with from the first value on. The loss of reinforcement
 * learning or of a GAN rises by orders of magnitude too, but it falls as far
 * every other value. Positions are those of `level.ts`.
 */
export type Falls = {
  readonly values: number
  readonly last: number
  readonly lowest: number
  /** The number of falls, and their mean. */
  readonly count: number
  readonly mean: number
}

/** So many falls are remembered. */
export const KEPT_FALLS = 20
/** After so many falls one counts as so many times their mean at most: the way back from a spike shows nothing of the noise. */
const UNCLIPPED = 3
const CLIP = 3
/** Among so many first values a new low may be noise. Later it is learning. */
const FIRST_VALUES = 3

export const NO_FALLS: Falls = { values: 0, last: 0, lowest: 0, count: 0, mean: 0 }

/** The falls after a value at this position. What is below the lowest so far is learning, and no part of a fall. */
export function fallsAfter({ values, last, lowest, count, mean }: Falls, position: number): Falls {
  if (values === 0) return { values: 1, last: position, lowest: position, count, mean }
  const fall = last - (values < FIRST_VALUES ? position : Math.max(position, lowest))
  const isFall = fall > 0
  const counted = count < UNCLIPPED ? fall : Math.min(fall, CLIP * mean)
  // Fields instead of a spread, which is slower: every value of every loss comes through here.
  return {
    values: values + 1,
    last: position,
    lowest: Math.min(lowest, position),
    count: isFall ? count + 1 : count,
    mean: isFall ? mean + (counted - mean) / Math.min(count + 1, KEPT_FALLS) : mean,
  }
}

/** Whether falls are no longer at their beginning. */
export function areSteady({ values }: Falls): boolean {
  return values >= FIRST_VALUES
}

/** Falls that are steady after values at these positions: the same numbers as by `fallsAfter` for one after another. */
export function fallsAlong(before: Falls, positions: Float64Array, length: number): Falls {
  let { last, lowest, count, mean } = before
  for (let index = 0; index < length; index++) {
    const position = positions[index]!
    const fall = last - Math.max(position, lowest)
    last = position
    lowest = Math.min(lowest, position)
    if (!(fall > 0)) continue
    const counted = count < UNCLIPPED ? fall : Math.min(fall, CLIP * mean)
    count++
    mean += (counted - mean) / Math.min(count, KEPT_FALLS)
  }
  return { values: before.values + length, last, lowest, count, mean }
}

/** How far the loss fell in its newest falls, all together. */
export function fallen({ count, mean }: Falls): number {
  return Math.min(count, KEPT_FALLS) * mean
}
