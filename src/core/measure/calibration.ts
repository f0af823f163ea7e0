/** Upper edges of fifteen bins of equal width, as Guo et al., "On calibration of modern neural networks" (2017). */
const EQUAL_WIDTHS: readonly number[] = Array.from({ length: 15 }, (_, i) => (i + 1) / 15)

/**
 * How far a model's confidence is from how often it is right.
 *
 * A bin holds the confidences above the upper edge before it, up to its own; the
 * last one all the rest. A confidence that is NaN makes the error NaN.
 */
export class Calibration {
  readonly #edges: readonly number[]
  readonly #counts: number[]
  readonly #hits: number[]
  readonly #confidences: number[]
  #count = 0

  constructor(edges: readonly number[] = EQUAL_WIDTHS) {
    this.#edges = edges
    this.#counts = edges.map(() => 0)
    this.#hits = edges.map(() => 0)
    this.#confidences = edges.map(() => 0)
  }

  add(confidence: number, isHit: boolean): void {
    const last = this.#edges.length - 1
    let bin = 0
    while (bin < last && confidence > this.#edges[bin]!) bin++
    this.#counts[bin]! += 1
    this.#confidences[bin]! += confidence
    if (isHit) this.#hits[bin]! += 1
    this.#count += 1
  }

  /** Σ over bins of their share of the rows times |accuracy − mean confidence|; NaN without rows. */
  get error(): number {
    let total = this.#count === 0 ? Number.NaN : 0
    for (let bin = 0; bin < this.#edges.length; bin++) {
      if (this.#counts[bin]! > 0) total += Math.abs(this.#hits[bin]! - this.#confidences[bin]!)
    }
    return total / this.#count
  }

  /** The mean confidence of all rows. */
  get confidence(): number {
    return this.#confidences.reduce((sum, part) => sum + part, 0) / this.#count
  }
}
