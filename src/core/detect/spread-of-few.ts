/** To σ of a normal distribution, from the median distance from a level. */
export const MAD_TO_SIGMA = 1.4826
/** The same from the mean difference between neighbours. */
export const STEP_TO_SIGMA = 0.8862

/** The standard deviation by the differences of neighbours, which a slope hardly changes. */
export function stepSpreadOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, at) => Math.abs(value - values[at]!))
  return STEP_TO_SIGMA * (steps.reduce((sum, step) => sum + step, 0) / steps.length)
}
