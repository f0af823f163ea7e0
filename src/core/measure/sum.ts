/**
 * A running sum and mean whose rounding error does not grow with the number of terms.
 *
 * Neumaier's improvement of Kahan's summation (ZAMM 54, 1974, pp. 39–51): the
 * low-order digits that an addition loses are kept apart and added at the end.
 * Infinities and NaN come out as the plain IEEE 754 sum would give them.
 */
export class CompensatedSum {
  #count = 0
  #total = 0
  #lost = 0

  add(term: number): void {
    const total = this.#total + term
    // Only the smaller of the two can lose digits.
    const before = this.#total
    this.#lost += Math.abs(before) >= Math.abs(term) ? before - total + term : term - total + before
    this.#total = total
    this.#count += 1
  }

  get count(): number {
    return this.#count
  }

  get total(): number {
    // Once the sum is infinite, what it lost is ∞ − ∞ and would turn it into NaN.
    return Number.isFinite(this.#total) ? this.#total + this.#lost : this.#total
  }

  /** NaN when nothing was added: 0/0, as NumPy's `mean([])`. */
  get mean(): number {
    return this.total / this.#count
  }
}
