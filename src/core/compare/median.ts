/** MAD to σ of a normal distribution. */
const MAD_TO_SIGMA = 1.4826

/** The median of some finite numbers. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const half = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  // Halves are added and not the values, whose sum may be infinite.
  return sorted.length % 2 === 1 ? sorted[half]! : sorted[half - 1]! / 2 + sorted[half]! / 2
}

/** The standard deviation of a normal distribution with the same median distance from the median. */
export function robustSpread(values: ArrayLike<number>): number {
  const middle = median(values)
  return MAD_TO_SIGMA * median(Float64Array.from(values, (value) => Math.abs(value - middle)))
}
