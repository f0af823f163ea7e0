interface PollTime {
  /** When the file is to be polled. */
  dueMs: number
  /** The time of the one entry in the heap that counts. It may come before `dueMs`, and is then put back. */
  queuedMs: number
}

interface HeapEntry {
  readonly path: string
  readonly time: PollTime
  readonly atMs: number
}

/**
 * Which file is polled next: the urgent ones, in the order in which they were
 * enqueued, and those that are due, the longest overdue first.
 *
 * Where there are both they alternate, so that files which are written all the
 * time keep none of the others waiting. Files that wait for their time cost nothing.
 */
export class PollQueue {
  readonly #times = new Map<string, PollTime>()
  readonly #urgent = new Set<string>()
  /** A binary heap: no entry comes before that at half its index. */
  readonly #heap: HeapEntry[] = []
  #isForUrgent = true

  /** Polls the file as soon as possible. */
  enqueue(path: string): void {
    this.#urgent.add(path)
  }

  /** Polls the file at `dueMs`, unless it is enqueued before. */
  schedule(path: string, dueMs: number): void {
    const time = this.#times.get(path) ?? { dueMs, queuedMs: Number.POSITIVE_INFINITY }
    this.#times.set(path, time)
    time.dueMs = dueMs
    if (dueMs < time.queuedMs) this.#push(path, time)
  }

  delete(path: string): void {
    this.#times.delete(path)
    this.#urgent.delete(path)
  }

  /** Takes the next file out of the queue; null where none is urgent or due. */
  next(nowMs: number): string | null {
    this.#isForUrgent = !this.#isForUrgent
    if (this.#isForUrgent) return this.#takeUrgent() ?? this.#takeDue(nowMs)
    return this.#takeDue(nowMs) ?? this.#takeUrgent()
  }

  /** When the next file is due. */
  nextDueMs(): number {
    return this.#urgent.size > 0 ? Number.NEGATIVE_INFINITY : (this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY)
  }

  #takeUrgent(): string | null {
    const [path] = this.#urgent
    if (path === undefined) return null
    this.#urgent.delete(path)
    return path
  }

  #takeDue(nowMs: number): string | null {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= nowMs; first = this.#heap[0]) {
      this.#pop()
      const { path, time, atMs } = first
      if (this.#times.get(path) !== time || time.queuedMs !== atMs) continue
      time.queuedMs = Number.POSITIVE_INFINITY
      if (time.dueMs > nowMs) {
        this.#push(path, time)
        continue
      }
      this.#urgent.delete(path)
      return path
    }
    return null
  }

  #push(path: string, time: PollTime): void {
    time.queuedMs = time.dueMs
    const entry: HeapEntry = { path, time, atMs: time.dueMs }
    let at = this.#heap.length
    while (at > 0) {
      const above = this.#heap[(at - 1) >> 1]!
      if (above.atMs <= entry.atMs) break
      this.#heap[at] = above
      at = (at - 1) >> 1
    }
    this.#heap[at] = entry
  }

  #pop(): void {
    const last = this.#heap.pop()!
    const length = this.#heap.length
    if (length === 0) return
    let at = 0
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && this.#heap[below + 1]!.atMs < this.#heap[below]!.atMs) below++
      if (this.#heap[below]!.atMs >= last.atMs) break
      this.#heap[at] = this.#heap[below]!
      at = below
    }
    this.#heap[at] = last
  }
}
