/**
 * Mean and standard deviation of the last `size` values, as running sums.
 *
 * A value that is no number makes both NaN for as long as it is in the window,
 * as it does in the rules that keep a list and average it.
 */
export class Window {
  #values
  #at = 0
  #sum = 0
  #squares = 0
  #nonFinite = 0
  count = 0

  constructor(size) {
    this.#values = new Float64Array(size)
  }

  get isFull() {
    return this.count === this.#values.length
  }

  get mean() {
    return this.#nonFinite > 0 ? Number.NaN : this.#sum / this.count
  }

  /** Population standard deviation. */
  get deviation() {
    return Math.sqrt(Math.max(0, this.#squares / this.count - this.mean ** 2)) + 0 * this.mean
  }

  push(value) {
    if (this.isFull) this.#add(this.#values[this.#at], -1)
    else this.count++
    this.#values[this.#at] = value
    this.#add(value, 1)
    this.#at = (this.#at + 1) % this.#values.length
    // Every so often the sums are taken anew: what rounding left in them would outlive a huge value.
    if (this.#at === 0) this.#sumUp()
  }

  #add(value, sign) {
    if (!Number.isFinite(value)) this.#nonFinite += sign
    else {
      this.#sum += sign * value
      this.#squares += sign * value * value
    }
  }

  #sumUp() {
    this.#sum = 0
    this.#squares = 0
    this.#nonFinite = 0
    for (let i = 0; i < this.count; i++) this.#add(this.#values[i], 1)
  }
}
