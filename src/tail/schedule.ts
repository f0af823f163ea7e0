const HOT_MS = 60_000
const WARM_MS = 10 * 60_000

/**
 * When to look at a file again without being told to: often while it grows,
 * seldom once it has been quiet. The sweep is what makes events dispensable.
 */
export function sweepIntervalMs(quietMs: number, hotIntervalMs: number): number {
  if (quietMs < HOT_MS) return hotIntervalMs
  return quietMs < WARM_MS ? hotIntervalMs * 5 : hotIntervalMs * 30
}
