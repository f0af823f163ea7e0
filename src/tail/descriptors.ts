/** What holds a file open, and can do without. */
interface DescriptorHolder {
  readonly isOpen: boolean
  close(): Promise<void>
}

/** How many followed files are held open at once. */
const MOST_OPEN = 256

/**
 * Bounds the files that are held open: beyond `most` the one that was polled
 * longest ago is closed. It is opened again at its next poll, and where it was
 * rotated meanwhile it is found beside its path.
 */
export class Descriptors {
  readonly #most: number
  readonly #open = new Set<DescriptorHolder>()

  constructor(most = MOST_OPEN) {
    this.#most = most
  }

  /** To be called after each poll of a file, while no poll is under way. */
  async touch(holder: DescriptorHolder): Promise<void> {
    this.#open.delete(holder)
    if (holder.isOpen) this.#open.add(holder)
    for (const oldest of this.#open) {
      if (this.#open.size <= this.#most) break
      this.#open.delete(oldest)
      await oldest.close()
    }
  }
}
