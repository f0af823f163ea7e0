const HOT_MS = 60_000
const WARM_MS = 10 * 60_000

/**
 * When to poll a file again that no event named: often while it grows,
 * seldom once it has been quiet. The sweep is what makes events dispensable.
 */
export function sweepIntervalMs(quietMs: number, hotIntervalMs: number): number {
  if (quietMs < HOT_MS) return hotIntervalMs
  return quietMs < WARM_MS ? hotIntervalMs * 5 : hotIntervalMs * 30
}

/** Where events do not come, the sweep is all there is: files that grow are polled this much oftener. */
const POLLING_HASTE = 4
const SHORTEST_SWEEP_MS = 50

/** How often a growing file is polled, which is `sweepMs` where events name it as well. */
export function hotSweepMs(sweepMs: number, isPolled: boolean): number {
  return isPolled ? Math.max(SHORTEST_SWEEP_MS, sweepMs / POLLING_HASTE) : sweepMs
}

/** A poll that finds nothing takes some hundredth of it. */
const SHARE_MS = 1

/**
 * The shortest time between two polls of each of this many files, so that ten
 * thousand of them cost no more than a thousand. What events name does not wait for it.
 */
export function leastSweepMs(files: number): number {
  return files * SHARE_MS
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

/** How long a file is left alone that could not be read so many times in a row. */
export function retryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
}
