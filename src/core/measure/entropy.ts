/**
 * One summand of the entropy: −x ln x, in nats.
 *
 * As SciPy's `entr`: 0 at 0, −∞ below 0 and at +∞, and NaN gives NaN.
 */
export function entr(x: number): number {
  return entrOf(x, Math.log(x))
}

/** `entr(x)` for a caller that has ln x already, and more exactly than x when x underflows. */
export function entrOf(x: number, logX: number): number {
  if (x > 0) return -x * logX
  if (x === 0) return 0
  return x < 0 ? -Infinity : NaN
}

/**
 * Shannon entropy H(p) = −Σ pᵢ ln pᵢ, in nats.
 *
 * `probs` is taken as it is and not normalised; no classes have an entropy of 0.
 */
export function entropyNats(probs: ArrayLike<number>): number {
  let nats = 0
  for (let i = 0; i < probs.length; i++) nats += entr(probs[i]!)
  return nats
}

/** An amount of information in bits, given in nats: nats / ln 2. */
export function natsToBits(nats: number): number {
  return nats / Math.LN2
}

/**
 * Entropy as a share of ln K, the most that K classes can have: 0 when certain, 1 when uniform.
 *
 * NaN for a single class (0/0), whose entropy is always 0.
 */
export function entropyShare(nats: number, classes: number): number {
  return nats / Math.log(classes)
}
