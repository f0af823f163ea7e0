import { LOGARITHM_BUCKETS, LOGARITHMS } from '../src/core/kernels/layout'

const LN_2: f64 = 0.6931471805599453

/**
 * ln x of two normal positive numbers, within 2 units in the last place below ½: towards 1 the parts cancel.
 *
 * x = 2ᵉ · m with m in [1, 2), and m = (1 + r) / c, where c comes from a table with −ln c: so
 * ln x = e ln 2 − ln c + ln(1 + r), whose series needs five terms for |r| < 2⁻⁹. P.-T. P. Tang,
 * "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic" (1990).
 * Of any other number the result is of no meaning, but it is read from within the table.
 */
export function logarithms(x: v128): v128 {
  const one = i64x2.splat(0x3ff0000000000000)
  const significand = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), one)
  // A whole number in the last places of 2⁵².
  const biased = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000))
  const exponent = f64x2.sub(biased, f64x2.splat(4503599627370496.0 + 1023.0))

  // An entry has 16 bytes.
  const entries = v128.and(i64x2.shr_u(x, 40), i64x2.splat((LOGARITHM_BUCKETS - 1) << 4))
  const first = v128.load(LOGARITHMS + i32x4.extract_lane(entries, 0))
  const second = v128.load(LOGARITHMS + i32x4.extract_lane(entries, 2))
  const inverses = v128.shuffle<f64>(first, second, 0, 2)
  const logs = v128.shuffle<f64>(first, second, 1, 3)

  const r = f64x2.sub(f64x2.mul(significand, inverses), f64x2.splat(1))
  // r − r²/2 + r³/3 − r⁴/4 + r⁵/5, so written that its halves are computed at once.
  const square = f64x2.mul(r, r)
  const lower = f64x2.sub(f64x2.splat(1.0 / 2.0), f64x2.mul(r, f64x2.splat(1.0 / 3.0)))
  const upper = f64x2.sub(f64x2.splat(1.0 / 4.0), f64x2.mul(r, f64x2.splat(1.0 / 5.0)))
  const series = f64x2.sub(r, f64x2.mul(square, f64x2.add(lower, f64x2.mul(square, upper))))
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(LN_2)), f64x2.add(logs, series))
}
