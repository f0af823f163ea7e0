/** 10⁰ to 10⁴⁰, each as the nearest double and what it misses; up to 10²² nothing. */
const POWERS = Float64Array.from({ length: 41 }, (_, exponent) => Number(`1e${exponent}`))
const POWERS_REST = POWERS.map((power, exponent) => Number(10n ** BigInt(exponent) - BigInt(power)))

/**
 * (head · 10^tailDigits + tail) / 10^places, correctly rounded, or NaN in the rare case that is too close to call.
 *
 * `head` has at most 15 digits and `tail` at most 9. The dividend is held as an
 * unevaluated sum high + low of two doubles, the quotient likewise, with a
 * relative error below 1e-31 (T. J. Dekker, "A floating-point technique for
 * extending the available precision", 1971). When moving the quotient by 1e-30
 * either way rounds to the same double, that is the double nearest to the exact
 * quotient. NaN too for places outside 0 to 40.
 */
export function decimalQuotient(head: number, tailDigits: number, tail: number, places: number): number {
  if (!(places >= 0 && places < POWERS.length)) return Number.NaN
  const power = POWERS[tailDigits]!
  const divisor = POWERS[places]!
  const product = head * power
  const rest = productError(head, power, product) + tail
  const high = product + rest
  const low = rest - (high - product)
  if (low === 0 && places <= 22) return high / divisor

  const quotient = high / divisor
  const back = quotient * divisor
  const remainder = high - back - productError(quotient, divisor, back) + (low - quotient * POWERS_REST[places]!)
  const correction = remainder / divisor
  const doubt = quotient * 1e-30
  const rounded = quotient + (correction - doubt)
  return rounded === quotient + (correction + doubt) ? rounded : Number.NaN
}

/** a · b − fl(a · b), exactly: each factor is split into halves of 26 bits. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

function upperHalf(x: number): number {
  const scaled = x * 134217729
  return scaled - (scaled - x)
}
