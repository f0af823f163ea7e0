/** How the values of a series that are not finite lie among those that are; plain JSON. */
export type Holes = {
  /** How many finite ones came in a row, before those that are not: as many as matter. */
  readonly finite: number
  /** How many in a row are not finite now, and the most after which a finite one came. */
  readonly broken: number
  readonly longest: number
}

export const NO_HOLES: Holes = { finite: 0, broken: 0, longest: 0 }

/** A series that was finite once, and then is not, may be one that is measured now and then: so many values are waited for. */
export const LEAST_WAIT = 10
/** Where it was measured now and then before, it is waited for so many times the longest hole. */
export const WAIT_RATIO = 3

export function afterFinite(holes: Holes): Holes {
  const { finite, broken, longest } = holes
  if (broken > 0) return { finite: 1, broken: 0, longest: Math.max(longest, broken) }
  return finite > mostInRhythm(longest) ? holes : { ...holes, finite: finite + 1 }
}

export function afterBroken({ finite, broken, longest }: Holes): Holes {
  return { finite, broken: broken + 1, longest }
}

/**
 * After how many values in a row that are not finite it is no hole any more: none where it was finite each time before,
 * and never where it was not measured yet.
 */
export function longestWait({ finite, longest }: Holes): number {
  if (finite === 0) return Number.POSITIVE_INFINITY
  return finite > mostInRhythm(longest) ? 0 : Math.max(LEAST_WAIT, WAIT_RATIO * longest)
}

/** So many finite values in a row are of one that is measured now and then, if no more: no more than it misses. */
function mostInRhythm(longest: number): number {
  return Math.max(1, longest)
}
