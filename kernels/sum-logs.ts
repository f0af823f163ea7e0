import { append, seal, storeSums } from './others'
import { HALF, twice } from './vectors'

/**
 * Sums over the classes of a row whose logarithms are known, each of which is added to its class in `classSums` as well.
 *
 * Returns how many are not in [0, ½): their indices are put into `others`. Results: Σ (p − weight)²; −Σ p ln p, in nats,
 * over those above 0; and of all but the others how many are below `epsilon`, at most `tiny`, and 0.
 */
export function sumLogs(
  p: usize,
  logP: usize,
  weights: usize,
  classSums: usize,
  count: i32,
  epsilon: f64,
  tiny: f64,
  others: usize,
): i32 {
  const epsilons = twice(epsilon)
  const tinies = twice(tiny)
  const lows = f64x2.pmax(epsilons, tinies)
  const half = v128.load(HALF)
  let entropies = f64x2.splat(0)
  let squares = f64x2.splat(0)
  let raised = i64x2.splat(0)
  let lost = i64x2.splat(0)
  let zeros = i64x2.splat(0)
  let next = others
  if (count & 1) seal(p, weights, count)
  for (let i = 0; i < count; i += 2) {
    const x = v128.load(p + (i << 3))
    const miss = f64x2.sub(x, v128.load(weights + (i << 3)))
    squares = f64x2.add(squares, f64x2.mul(miss, miss))
    v128.store(classSums + (i << 3), f64x2.add(v128.load(classSums + (i << 3)), x))
    const term = f64x2.mul(x, v128.load(logP + (i << 3)))
    entropies = f64x2.sub(entropies, v128.and(term, f64x2.gt(x, f64x2.splat(0))))
    if (i64x2.bitmask(v128.and(f64x2.gt(x, lows), f64x2.lt(x, half))) === 3) continue
    const isKnown = v128.and(f64x2.ge(x, f64x2.splat(0)), f64x2.lt(x, half))
    // A lane that is true is −1.
    raised = i64x2.sub(raised, v128.and(f64x2.lt(x, epsilons), isKnown))
    lost = i64x2.sub(lost, v128.and(f64x2.le(x, tinies), isKnown))
    zeros = i64x2.sub(zeros, f64x2.eq(x, f64x2.splat(0)))
    const missing = i64x2.bitmask(isKnown) ^ 3
    if (missing !== 0) next = append(next, i, missing)
  }
  if (count & 1) next -= 4
  storeSums(squares, entropies, raised, lost, zeros)
  return <i32>(next - others) >> 2
}
