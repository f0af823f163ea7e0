import { RESULTS } from '../src/core/kernels/layout'
import { append, seal } from './others'
import { HALF, twice } from './vectors'

/**
 * Sums over the classes of a row whose logarithms are known, each of which is added to its class in `classSums` as well.
 *
 * Returns how many are not in (low, ½): their indices are put into `others`. Results: Σ (p − weight)², and −Σ p ln p,
 * in nats, over those above 0.
 */
export function sumLogs(
  p: usize,
  logP: usize,
  weights: usize,
  classSums: usize,
  count: i32,
  low: f64,
  others: usize,
): i32 {
  const lows = twice(low)
  const half = v128.load(HALF)
  let entropies = f64x2.splat(0)
  let squares = f64x2.splat(0)
  let next = others
  if (count & 1) seal(p, weights, count)
  for (let i = 0; i < count; i += 2) {
    const x = v128.load(p + (i << 3))
    const miss = f64x2.sub(x, v128.load(weights + (i << 3)))
    squares = f64x2.add(squares, f64x2.mul(miss, miss))
    v128.store(classSums + (i << 3), f64x2.add(v128.load(classSums + (i << 3)), x))
    const term = f64x2.mul(x, v128.load(logP + (i << 3)))
    entropies = f64x2.sub(entropies, v128.and(term, f64x2.gt(x, f64x2.splat(0))))
    const missing = i64x2.bitmask(v128.and(f64x2.gt(x, lows), f64x2.lt(x, half))) ^ 3
    if (missing !== 0) next = append(next, i, missing)
  }
  if (count & 1) next -= 4
  store<f64>(RESULTS, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1))
  store<f64>(RESULTS + 8, f64x2.extract_lane(entropies, 0) + f64x2.extract_lane(entropies, 1))
  return <i32>(next - others) >> 2
}
