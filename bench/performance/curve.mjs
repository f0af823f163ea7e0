import { random } from '../scoreboard/random.mjs'

const WARM_UP_STEPS = 2000
const TOP_RATE = 3e-4
const FALL_STEPS = 20_000

/** A healthy training, step by step, from a fixed seed: all of its values need their full 53 bits. */
export class Curve {
  /** In [-1, 1). */
  noise = 0
  loss = 0
  norm = 0
  rate = 0
  #step = 0
  #steps
  #random = random(7)

  constructor(steps) {
    this.#steps = steps
  }

  advance() {
    const step = ++this.#step
    this.noise = 2 * (this.#random() + this.#random() / 2 ** 32) - 1
    this.loss = 2 + 8 * Math.exp(-step / FALL_STEPS) + this.noise / 10
    this.norm = 0.75 + this.noise / 7
    const share = Math.min(1, step / this.#steps)
    this.rate = TOP_RATE * Math.min(1, step / WARM_UP_STEPS) * (0.55 + 0.45 * Math.cos(Math.PI * share))
  }
}
