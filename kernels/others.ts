import { RESULTS } from '../src/core/kernels/layout'

/**
 * Adds `index` where bit 0 of `lanes` is set, and the one after it for bit 1, to the list that ends at `at`.
 *
 * Returns where it ends then.
 */
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

/** Makes the row even by a class that adds nothing to any sum or count; it is always the last of the others. */
export function seal(p: usize, weights: usize, count: i32): void {
  store<f64>(p + (count << 3), -1)
  store<f64>(weights + (count << 3), -1)
}

/** Leaves the sums and counts of a row as results, each of which has two lanes. */
export function storeSums(squares: v128, entropies: v128, raised: v128, lost: v128, zeros: v128): void {
  store<f64>(RESULTS, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1))
  store<f64>(RESULTS + 8, f64x2.extract_lane(entropies, 0) + f64x2.extract_lane(entropies, 1))
  store<f64>(RESULTS + 16, <f64>(i64x2.extract_lane(raised, 0) + i64x2.extract_lane(raised, 1)))
  store<f64>(RESULTS + 24, <f64>(i64x2.extract_lane(lost, 0) + i64x2.extract_lane(lost, 1)))
  store<f64>(RESULTS + 32, <f64>(i64x2.extract_lane(zeros, 0) + i64x2.extract_lane(zeros, 1)))
}
