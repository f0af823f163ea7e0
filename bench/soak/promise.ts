/** What a promise was found to be worth. */
export interface Outcome {
  /** Each of them must be 0. */
  readonly counts: Readonly<Record<string, number>>
  /** What was measured on the way, for people to read. */
  readonly figures: Readonly<Record<string, number | string>>
}

/** Says how far a long run has come. */
export type Tell = (progress: string) => void

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
