import { LOGARITHMS } from '../src/core/kernels/layout'
import { append, seal, storeSums } from './others'
import { FIFTH, FOURTH, HALF, LN_2, ONE, SMALLEST_NORMAL, THIRD, twice } from './vectors'

const SIGNIFICAND = memory.data<u64>([0x000fffffffffffff, 0x000fffffffffffff], 16)
/** 2⁵², in whose last places a whole number can be put, and what is then to be taken from it for an exponent. */
const WHOLE = memory.data<f64>([4503599627370496, 4503599627370496], 16)
const BIAS = memory.data<f64>([4503599627370496 + 1023, 4503599627370496 + 1023], 16)

/**
 * Sums over the classes of a row of probabilities, each of which is added to its class in `classSums` as well.
 *
 * Returns how many are neither 0 nor in (2⁻¹⁰²², ½): their indices are put into `others`. Results: Σ (p − weight)², and
 * of all but the others −Σ p ln p, in nats, and how many are below `epsilon`, at most `tiny`, and 0.
 *
 * p = 2ᵉ · m with m in [1, 2), and m = (1 + r) / c, where c is in a table with −ln c: so ln p = e ln 2 − ln c + ln(1 + r),
 * of whose series five terms are enough for |r| < 2⁻⁹. P.-T. P. Tang, "Table-driven implementation of the logarithm
 * function in IEEE floating-point arithmetic" (1990). It is within 2 units in the last place; towards 1 the parts would
 * cancel. What is no such p gives a number of no meaning, read from within the table.
 */
export function sumProbabilities(
  p: usize,
  weights: usize,
  classSums: usize,
  count: i32,
  epsilon: f64,
  tiny: f64,
  others: usize,
): i32 {
  const epsilons = twice(epsilon)
  const tinies = twice(tiny)
  const smallest = v128.load(SMALLEST_NORMAL)
  const lows = f64x2.pmax(f64x2.pmax(smallest, epsilons), tinies)
  const significand = v128.load(SIGNIFICAND)
  const whole = v128.load(WHOLE)
  const bias = v128.load(BIAS)
  const ln2 = v128.load(LN_2)
  const one = v128.load(ONE)
  const half = v128.load(HALF)
  const third = v128.load(THIRD)
  const fourth = v128.load(FOURTH)
  const fifth = v128.load(FIFTH)
  let entropies = f64x2.splat(0)
  let squares = f64x2.splat(0)
  let raised = i64x2.splat(0)
  let lost = i64x2.splat(0)
  let zeros = i64x2.splat(0)
  let next = others
  if (count & 1) seal(p, weights, count)
  for (let i = 0; i < count; i += 2) {
    const at = p + (i << 3)
    const x = v128.load(at)
    const miss = f64x2.sub(x, v128.load(weights + (i << 3)))
    squares = f64x2.add(squares, f64x2.mul(miss, miss))
    v128.store(classSums + (i << 3), f64x2.add(v128.load(classSums + (i << 3)), x))

    const exponent = f64x2.sub(v128.or(i64x2.shr_u(x, 52), whole), bias)
    // The first eight bits of a significand, times the 16 bytes of an entry: 1/c would be m, and −ln c.
    const first: usize = LOGARITHMS + ((load<u32>(at + 4) >> 8) & 0xff0)
    const second: usize = LOGARITHMS + ((load<u32>(at + 12) >> 8) & 0xff0)
    const inverse = v128.load64_lane(second, v128.load64_zero(first), 1)
    const log = v128.load64_lane(second + 8, v128.load64_zero(first + 8), 1)
    const r = f64x2.sub(f64x2.mul(v128.or(v128.and(x, significand), one), inverse), one)
    // r − r²/2 + r³/3 − r⁴/4 + r⁵/5, so written that its halves are computed at once.
    const square = f64x2.mul(r, r)
    const lower = f64x2.sub(half, f64x2.mul(r, third))
    const upper = f64x2.mul(square, f64x2.sub(fourth, f64x2.mul(r, fifth)))
    const series = f64x2.sub(r, f64x2.mul(square, f64x2.add(lower, upper)))
    const term = f64x2.mul(x, f64x2.add(f64x2.mul(exponent, ln2), f64x2.add(log, series)))

    if (i64x2.bitmask(v128.and(f64x2.gt(x, lows), f64x2.lt(x, half))) === 3) {
      entropies = f64x2.sub(entropies, term)
      continue
    }
    const isZero = f64x2.eq(x, f64x2.splat(0))
    const isKnown = v128.and(v128.or(isZero, f64x2.gt(x, smallest)), f64x2.lt(x, half))
    // Of 0 the logarithm is of no meaning but finite, so that nothing is added.
    entropies = f64x2.sub(entropies, v128.and(term, isKnown))
    // A lane that is true is −1.
    raised = i64x2.sub(raised, v128.and(f64x2.lt(x, epsilons), isKnown))
    lost = i64x2.sub(lost, v128.and(f64x2.le(x, tinies), isKnown))
    zeros = i64x2.sub(zeros, isZero)
    const missing = i64x2.bitmask(isKnown) ^ 3
    if (missing !== 0) next = append(next, i, missing)
  }
  if (count & 1) next -= 4
  storeSums(squares, entropies, raised, lost, zeros)
  return <i32>(next - others) >> 2
}
