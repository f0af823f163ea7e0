import { ROOT_STEPS, ROOTS } from '../src/core/kernels/layout'

const STEPS_PER_NAT: f64 = 184.6649652337873
/** ln 2 / 128 in two parts: of the first, a multiple by up to 2¹⁷ is exact. */
const STEP_HIGH: f64 = 0.0054152123630046844
const STEP_LOW: f64 = -1.4880111718420063e-11
/** Added to a number below 2⁵¹, it leaves the nearest whole number in the last places. */
const ROUNDER: f64 = 6755399441055744.0

/** Above this, eˣ and all products on the way to it are normal numbers. */
export const LOWEST: f64 = -700.0

/**
 * eˣ of two numbers in (−700, 0], within 2 units in the last place.
 *
 * x is parted into a multiple of ln 2 / 128, whose power comes from a table, and a rest of at most half as
 * much, of which five terms of the series are enough. Of any other number the result is of no meaning.
 */
export function powersOfE(x: v128): v128 {
  const rounded = f64x2.add(f64x2.mul(x, f64x2.splat(STEPS_PER_NAT)), f64x2.splat(ROUNDER))
  const steps = f64x2.sub(rounded, f64x2.splat(ROUNDER))
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(steps, f64x2.splat(STEP_HIGH))), f64x2.mul(steps, f64x2.splat(STEP_LOW)))
  // r (1 + r (1/2 + r (1/6 + r (1/24 + r/120))))
  let series = f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(r, f64x2.splat(1.0 / 120.0)))
  series = f64x2.add(f64x2.splat(1.0 / 6.0), f64x2.mul(r, series))
  series = f64x2.add(f64x2.splat(1.0 / 2.0), f64x2.mul(r, series))
  series = f64x2.add(f64x2.splat(1), f64x2.mul(r, series))
  series = f64x2.mul(r, series)

  // With 1023 · 128 added, the number of steps is positive, and its upper bits are the exponent of a double.
  const whole = i64x2.add(i64x2.sub(rounded, f64x2.splat(ROUNDER)), i64x2.splat(1023 * ROOT_STEPS))
  const entries = v128.and(whole, i64x2.splat(ROOT_STEPS - 1))
  const first = v128.load64_splat(ROOTS + (i32x4.extract_lane(entries, 0) << 3))
  const second = v128.load64_splat(ROOTS + (i32x4.extract_lane(entries, 2) << 3))
  const root = v128.shuffle<f64>(first, second, 0, 2)
  const power = i64x2.shl(v128.andnot(whole, i64x2.splat(ROOT_STEPS - 1)), 45)
  return f64x2.mul(power, f64x2.add(root, f64x2.mul(root, series)))
}
