/** Word of commits: many may wait, and each hears of the next one. */
export class Commits {
  #waiting = new Set<() => void>()

  /** To be called after each commit, with the runs that it changed. */
  announce(): void {
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const tell of waiting) tell()
  }

  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const tell = () => {
        this.#waiting.delete(tell)
        signal.removeEventListener('abort', tell)
        resolve()
      }
      this.#waiting.add(tell)
      signal.addEventListener('abort', tell)
    })
  }
}
