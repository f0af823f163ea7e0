const FIRST_MS = 1000
const LONGEST_MS = 15 * 60_000

/** How long to wait before the next try: doubling from one second to a quarter of an hour, with full jitter. */
export function backoffMs(attempts: number, random: number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts) * (0.5 + random / 2))
}
