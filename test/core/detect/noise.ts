/** Numbers from 0 up to 1 that are the same whenever they are drawn: the generator "mulberry32". */
export function uniformDraws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Normal noise that is the same whenever it is drawn: Box–Muller. */
export function noise(seed: number): () => number {
  const uniform = uniformDraws(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** `count` values of a curve, each with its index. */
export function curve(count: number, at: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => at(index))
}

/** A loss that falls as most do, with noise in proportion. */
export function noisyFall(count: number, seed = 1, share = 0.05): number[] {
  const normal = noise(seed)
  return curve(count, (index) => (2.3 / (1 + index / 50) + 0.2) * (1 + share * normal()))
}

/** What a job logs that keeps this share of a mean which begins at 0, and does not correct for it. */
export function smoothed(losses: readonly number[], share: number): number[] {
  let mean = 0
  return losses.map((loss) => {
    mean = share * mean + (1 - share) * loss
    return mean
  })
}
