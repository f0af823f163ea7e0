import { RESULTS } from '../src/core/kernels/layout'
import { NO_MAXIMUM, NO_MINIMUM } from './vectors'

/**
 * Copies a row of `count` numbers, float32 or float64, to `p` as doubles, and returns the index of the first largest.
 *
 * Results: their sum, and the least of them. A NaN is neither the least nor the largest, but makes the sum NaN. Where
 * none is above −∞ the index is 0.
 */
export function inspect(source: usize, isSingle: bool, p: usize, count: i32): i32 {
  let sums = f64x2.splat(0)
  let least = v128.load(NO_MINIMUM)
  let largest = v128.load(NO_MAXIMUM)
  const even = count & ~1
  for (let i = 0; i < even; i += 2) {
    const x = isSingle ? f64x2.promote_low_f32x4(v128.load64_zero(source + (i << 2))) : v128.load(source + (i << 3))
    v128.store(p + (i << 3), x)
    sums = f64x2.add(sums, x)
    least = f64x2.pmin(least, x)
    largest = f64x2.pmax(largest, x)
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  let lowest = min<f64>(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1))
  let highest = max<f64>(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1))
  if (even < count) {
    const x = isSingle ? <f64>load<f32>(source + (even << 2)) : load<f64>(source + (even << 3))
    store<f64>(p + (even << 3), x)
    sum += x
    if (x < lowest) lowest = x
    if (x > highest) highest = x
  }
  store<f64>(RESULTS, sum)
  store<f64>(RESULTS + 8, lowest)
  return indexOf(p, count, highest)
}

function indexOf(p: usize, count: i32, value: f64): i32 {
  const values = f64x2.splat(value)
  for (let i = 0; i < count; i += 2) {
    const found = i64x2.bitmask(f64x2.eq(v128.load(p + (i << 3)), values))
    if (found !== 0) return i + ctz(found)
  }
  return 0
}
