/** The ε to which probabilities are clipped unless the configuration says otherwise. */
export const DEFAULT_EPSILON = 1e-10

/**
 * The probability nearest to `p` in [ε, 1 − ε], so that neither ln p nor ln(1 − p) is infinite.
 *
 * NaN stays NaN. The bound 1 − ε is the float64 difference: for an ε of at most
 * 2⁻⁵⁴ it rounds to 1, and the upper clip does nothing.
 */
export function clip(p: number, epsilon: number = DEFAULT_EPSILON): number {
  if (p < epsilon) return epsilon
  if (p > 1 - epsilon) return 1 - epsilon
  return p
}

/**
 * ln clip(p), given ln p.
 *
 * Where the clip leaves `p` alone the given logarithm is returned, which may be
 * finer than `Math.log(p)`; so a loss that was not clipped is the same to the bit.
 */
export function clippedLog(p: number, logP: number, epsilon: number): number {
  const clipped = clip(p, epsilon)
  return clipped === p ? logP : Math.log(clipped)
}

/** Values after the clip, and how many of them it moved. */
export interface Clipped {
  readonly values: Float64Array
  /** How many lay below ε. */
  readonly raised: number
  /** How many lay above 1 − ε. */
  readonly lowered: number
}

/** Clips every probability, and tells what that changed. */
export function clipAll(probs: ArrayLike<number>, epsilon: number = DEFAULT_EPSILON): Clipped {
  const values = new Float64Array(probs.length)
  let raised = 0
  let lowered = 0
  for (let i = 0; i < probs.length; i++) {
    const p = probs[i]!
    const clipped = clip(p, epsilon)
    if (clipped > p) raised += 1
    if (clipped < p) lowered += 1
    values[i] = clipped
  }
  return { values, raised, lowered }
}
