import { RESULTS, ROOTS } from '../src/core/kernels/layout'
import { append } from './others'
import { HALF, ONE, SIXTH, twice } from './vectors'

const STEPS_PER_NAT = memory.data<f64>([184.6649652337873, 184.6649652337873], 16)
/** ln 2 / 128 in two parts: of the first, a multiple by up to 2¹⁷ is exact. */
const STEP_HIGH = memory.data<f64>([0.0054152123630046844, 0.0054152123630046844], 16)
const STEP_LOW = memory.data<f64>([-1.4880111718420063e-11, -1.4880111718420063e-11], 16)
/** Added to a number below 2⁵¹, 3 · 2⁵¹ leaves the nearest whole number in the last places. */
const ROUNDER = memory.data<f64>([6755399441055744, 6755399441055744], 16)
/** What makes a number of steps a positive one, whose upper bits are the exponent of a double. */
const BIAS = memory.data<u64>([1023 * 128, 1023 * 128], 16)
const EXPONENT = memory.data<u64>([~127, ~127], 16)
const TWENTY_FOURTH = memory.data<f64>([1.0 / 24.0, 1.0 / 24.0], 16)
const HUNDRED_TWENTIETH = memory.data<f64>([1.0 / 120.0, 1.0 / 120.0], 16)
/** Above it eˣ, and all products on the way to it, are normal numbers. */
const LOWEST = memory.data<f64>([-700, -700], 16)

/**
 * Makes of each x of `p` a logarithm x − shift, put into `logP`, and a probability, e to the power of it.
 *
 * Returns how many logarithms are not in (−700, 0]: their indices are put into `others`, and their probabilities are of
 * no meaning. Result: the sum of all other probabilities.
 *
 * A logarithm is parted into a multiple of ln 2 / 128, whose power is in a table, and a rest of at most half as much, of
 * which five terms of the series are enough. P.-T. P. Tang, "Table-driven implementation of the exponential function in
 * IEEE floating-point arithmetic" (1989). It is within 2 units in the last place.
 */
export function exponentials(p: usize, logP: usize, count: i32, shift: f64, others: usize): i32 {
  const shifts = twice(shift)
  const stepsPerNat = v128.load(STEPS_PER_NAT)
  const stepHigh = v128.load(STEP_HIGH)
  const stepLow = v128.load(STEP_LOW)
  const rounder = v128.load(ROUNDER)
  const one = v128.load(ONE)
  const half = v128.load(HALF)
  const sixth = v128.load(SIXTH)
  const twentyFourth = v128.load(TWENTY_FOURTH)
  const hundredTwentieth = v128.load(HUNDRED_TWENTIETH)
  const lowest = v128.load(LOWEST)
  let sums = f64x2.splat(0)
  let next = others
  // The row is made even by a number that is always the last of the others.
  if (count & 1) store<f64>(p + (count << 3), NaN)
  for (let i = 0; i < count; i += 2) {
    const log = f64x2.sub(v128.load(p + (i << 3)), shifts)
    v128.store(logP + (i << 3), log)

    const rounded = f64x2.add(f64x2.mul(log, stepsPerNat), rounder)
    const steps = f64x2.sub(rounded, rounder)
    const r = f64x2.sub(f64x2.sub(log, f64x2.mul(steps, stepHigh)), f64x2.mul(steps, stepLow))
    // r (1 + r (1/2 + r (1/6 + r (1/24 + r/120))))
    let series = f64x2.add(twentyFourth, f64x2.mul(r, hundredTwentieth))
    series = f64x2.add(sixth, f64x2.mul(r, series))
    series = f64x2.add(half, f64x2.mul(r, series))
    series = f64x2.mul(r, f64x2.add(one, f64x2.mul(r, series)))

    const whole = i64x2.add(i64x2.sub(rounded, rounder), v128.load(BIAS))
    const first: usize = ROOTS + ((i32x4.extract_lane(whole, 0) & 127) << 3)
    const second: usize = ROOTS + ((i32x4.extract_lane(whole, 2) & 127) << 3)
    const root = v128.load64_lane(second, v128.load64_zero(first), 1)
    const power = i64x2.shl(v128.and(whole, v128.load(EXPONENT)), 45)
    const x = f64x2.mul(power, f64x2.add(root, f64x2.mul(root, series)))
    v128.store(p + (i << 3), x)

    const usual = v128.and(f64x2.gt(log, lowest), f64x2.le(log, f64x2.splat(0)))
    sums = f64x2.add(sums, v128.and(x, usual))
    const missing = i64x2.bitmask(usual) ^ 3
    if (missing !== 0) next = append(next, i, missing)
  }
  if (count & 1) next -= 4
  store<f64>(RESULTS, f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1))
  return <i32>(next - others) >> 2
}

/** Divides the probabilities by their sum, and takes its logarithm from theirs. */
export function normalise(p: usize, logP: usize, count: i32, total: f64, logTotal: f64): void {
  const totals = twice(total)
  const logTotals = twice(logTotal)
  for (let i = 0; i < count; i += 2) {
    v128.store(p + (i << 3), f64x2.div(v128.load(p + (i << 3)), totals))
    v128.store(logP + (i << 3), f64x2.sub(v128.load(logP + (i << 3)), logTotals))
  }
}
