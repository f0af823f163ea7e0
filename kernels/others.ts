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

/** Makes the row even by a class that adds nothing to any sum; it is always the last of the others. */
export function seal(p: usize, weights: usize, count: i32): void {
  store<f64>(p + (count << 3), 0)
  store<f64>(weights + (count << 3), 0)
}
