import { RESULTS } from '../src/core/kernels/layout'
import { LOWEST, powersOfE } from './exponential'

/**
 * Copies a row of `count` numbers, float32 or float64, to `p` as doubles, and returns the index of the first largest.
 *
 * A NaN is never the largest; of a row without any number above −∞ the index is 0. Results: the sum, and how many
 * numbers are not between `low` and `high`, up to a factor of 2: it is 0 only if there are none.
 */
export function inspect(source: usize, isSingle: bool, p: usize, count: i32, low: f64, high: f64): i32 {
  const lows = f64x2.splat(low)
  const highs = f64x2.splat(high)
  let sums = f64x2.splat(0)
  let largest = f64x2.splat(-Infinity)
  let within = i64x2.splat(-1)
  const even = count & ~1
  for (let i = 0; i < even; i += 2) {
    const x = isSingle ? f64x2.promote_low_f32x4(v128.load64_zero(source + (i << 2))) : v128.load(source + (i << 3))
    v128.store(p + (i << 3), x)
    sums = f64x2.add(sums, x)
    largest = f64x2.pmax(largest, x)
    within = v128.and(within, v128.and(f64x2.ge(x, lows), f64x2.le(x, highs)))
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  let isWithin = i64x2.all_true(within)
  let max = f64x2.extract_lane(largest, 0)
  if (f64x2.extract_lane(largest, 1) > max) max = f64x2.extract_lane(largest, 1)
  if (even < count) {
    const x = isSingle ? <f64>load<f32>(source + (even << 2)) : load<f64>(source + (even << 3))
    store<f64>(p + (even << 3), x)
    sum += x
    if (x > max) max = x
    isWithin = isWithin && x >= low && x <= high
  }
  store<f64>(RESULTS, sum)
  store<f64>(RESULTS + 8, isWithin ? 0 : 1)
  return indexOf(p, count, max)
}

function indexOf(p: usize, count: i32, value: f64): i32 {
  const values = f64x2.splat(value)
  for (let i = 0; i < count; i += 2) {
    const found = i64x2.bitmask(f64x2.eq(v128.load(p + (i << 3)), values))
    if (found != 0) return i + ctz(found)
  }
  return 0
}

/**
 * Makes of each x of `p` a logarithm x − `shift`, put into `logP`, and a probability, e to the power of it.
 *
 * Returns how many logarithms are not in (−700, 0]: their indices are put into `others`, and their probabilities are
 * of no meaning. Results: the sum of the other probabilities, and the least x but for −∞.
 */
export function exponentials(p: usize, logP: usize, count: i32, shift: f64, others: usize): i32 {
  const shifts = f64x2.splat(shift)
  const infinity = f64x2.splat(Infinity)
  let sums = f64x2.splat(0)
  let least = infinity
  let next = others
  // The row is made even by a number that is among the others.
  if (count & 1) store<f64>(p + (count << 3), NaN)
  for (let i = 0; i < count; i += 2) {
    const x = v128.load(p + (i << 3))
    const log = f64x2.sub(x, shifts)
    const power = powersOfE(log)
    const usual = v128.and(f64x2.gt(log, f64x2.splat(LOWEST)), f64x2.le(log, f64x2.splat(0)))
    v128.store(logP + (i << 3), log)
    v128.store(p + (i << 3), power)
    sums = f64x2.add(sums, v128.and(power, usual))
    least = f64x2.pmin(least, v128.bitselect(x, infinity, f64x2.gt(x, f64x2.splat(-Infinity))))
    const missing = i64x2.bitmask(usual) ^ 3
    if (missing != 0) next = append(next, i, missing)
  }
  if (count & 1) next -= 4
  store<f64>(RESULTS, f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1))
  store<f64>(RESULTS + 8, min<f64>(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)))
  return <i32>(next - others) >> 2
}

/** Divides the probabilities by their sum, and takes its logarithm from theirs. */
export function normalise(p: usize, logP: usize, count: i32, total: f64, logTotal: f64): void {
  const totals = f64x2.splat(total)
  const logTotals = f64x2.splat(logTotal)
  for (let i = 0; i < count; i += 2) {
    v128.store(p + (i << 3), f64x2.div(v128.load(p + (i << 3)), totals))
    v128.store(logP + (i << 3), f64x2.sub(v128.load(logP + (i << 3)), logTotals))
  }
}

/** Adds `index` where bit 0 of `lanes` is set, and the one after it for bit 1, to the list that ends at `at`. */
export function append(at: usize, index: i32, lanes: i32): usize {
  if (lanes & 1) {
    store<i32>(at, index)
    at += 4
  }
  if (lanes & 2) {
    store<i32>(at, index + 1)
    at += 4
  }
  return at
}
