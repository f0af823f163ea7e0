/**
 * σ(z) = 1 / (1 + e⁻ᶻ), to full relative precision on both sides.
 *
 * 1 − σ(z) must be written σ(−z): at z = 20 the plain difference has lost eight
 * of its sixteen digits, and from z = 37 on it is 0. NaN gives NaN.
 */
export function sigmoid(z: number): number {
  // Below −709 e⁻ᶻ overflows while σ(z) is still above 0.
  if (z >= 0) return 1 / (1 + Math.exp(-z))
  const e = Math.exp(z)
  return e / (1 + e)
}

/**
 * ln(1 + eᶻ) = max(z, 0) + log1p(e^−|z|) = −ln σ(−z), without overflow.
 *
 * +∞ gives +∞, −∞ gives 0 and NaN gives NaN.
 */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
}

/**
 * ln(1 − eˣ), the log-probability of the other class, given that of one.
 *
 * Mächler, "Accurately computing log(1 − exp(−|a|))" (2012): each form is used on
 * the side of −ln 2 where it does not cancel. 0 gives −∞; above 0, NaN.
 */
export function logOneMinusExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))
}
