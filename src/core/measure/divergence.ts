const SMALLEST_NORMAL = 2 ** -1022

/**
 * One summand of the relative entropy: x ln(x / y), in nats.
 *
 * As SciPy's `rel_entr`, with its stable forms: log1p for nearly equal arguments,
 * where the ratio rounds to 1 and all digits would be lost, and a difference of
 * logarithms where x / y over- or underflows. 0 for x = 0 ≤ y; +∞ where x > 0 = y
 * or either is negative; NaN gives NaN.
 */
export function relEntr(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (x <= 0 || y <= 0) return x === 0 && y >= 0 ? 0 : Infinity

  const ratio = x / y
  if (ratio > 0.5 && ratio < 2) return x * Math.log1p((x - y) / y)
  if (ratio > SMALLEST_NORMAL && ratio < Infinity) return x * Math.log(ratio)
  return x * (Math.log(x) - Math.log(y))
}

/**
 * x ln(x / y) − x + y, as SciPy's `kl_div`: each summand is ≥ 0, up to rounding.
 *
 * Its sum is the Kullback–Leibler divergence only of two distributions with the
 * same total. The edges are those of `relEntr`, but y for x = 0 ≤ y.
 */
export function klDiv(x: number, y: number): number {
  return relEntr(x, y) - x + y
}

/**
 * Kullback–Leibler divergence KL(truth ‖ guess) = Σ tᵢ ln(tᵢ / qᵢ), in nats.
 *
 * +∞ when the guess rules out what the truth allows. Neither side is normalised:
 * the sum is ≥ 0, up to rounding, only when both have the same total.
 */
export function klNats(truth: ArrayLike<number>, guess: ArrayLike<number>): number {
  let nats = 0
  for (let i = 0; i < truth.length; i++) nats += relEntr(truth[i]!, guess[i]!)
  return nats
}
