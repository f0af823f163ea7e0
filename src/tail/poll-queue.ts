interface Turn {
  /** When the file is to be looked at. */
  dueMs: number
  /** Of its places in the queue, the one that counts; it may come before it is due, and is then put back. */
  queuedMs: number
}

interface Place {
  readonly path: string
  readonly turn: Turn
  readonly atMs: number
}

/**
 * Whose turn it is to be looked at: the files that were named, in the order in
 * which they were, and those whose time has come, the longest overdue first.
 *
 * Where there are both they take turns, so that files which are named all the
 * time keep none of the others waiting. Files that wait for their time cost nothing.
 */
export class Turns {
  readonly #turns = new Map<string, Turn>()
  readonly #named = new Set<string>()
  /** A binary heap: no place comes before that at half its index. */
  readonly #queue: Place[] = []
  #isForNamed = true

  /** Its next turn is at once. */
  name(path: string): void {
    this.#named.add(path)
  }

  /** Its next turn is at `dueMs`, unless it is named before. */
  at(path: string, dueMs: number): void {
    const turn = this.#turns.get(path) ?? { dueMs, queuedMs: Number.POSITIVE_INFINITY }
    this.#turns.set(path, turn)
    turn.dueMs = dueMs
    if (dueMs < turn.queuedMs) this.#enqueue(path, turn)
  }

  delete(path: string): void {
    this.#turns.delete(path)
    this.#named.delete(path)
  }

  /** The file whose turn it is, which is over by this; null where it is nobody's. */
  next(nowMs: number): string | null {
    this.#isForNamed = !this.#isForNamed
    if (this.#isForNamed) return this.#takeNamed() ?? this.#takeDue(nowMs)
    return this.#takeDue(nowMs) ?? this.#takeNamed()
  }

  /** When the next turn is. */
  nextMs(): number {
    return this.#named.size > 0 ? Number.NEGATIVE_INFINITY : (this.#queue[0]?.atMs ?? Number.POSITIVE_INFINITY)
  }

  #takeNamed(): string | null {
    const [path] = this.#named
    if (path === undefined) return null
    this.#named.delete(path)
    return path
  }

  #takeDue(nowMs: number): string | null {
    for (let first = this.#queue[0]; first !== undefined && first.atMs <= nowMs; first = this.#queue[0]) {
      this.#dequeue()
      const { path, turn, atMs } = first
      if (this.#turns.get(path) !== turn || turn.queuedMs !== atMs) continue
      turn.queuedMs = Number.POSITIVE_INFINITY
      if (turn.dueMs > nowMs) {
        this.#enqueue(path, turn)
        continue
      }
      this.#named.delete(path)
      return path
    }
    return null
  }

  #enqueue(path: string, turn: Turn): void {
    turn.queuedMs = turn.dueMs
    const place: Place = { path, turn, atMs: turn.dueMs }
    let at = this.#queue.length
    while (at > 0) {
      const above = this.#queue[(at - 1) >> 1]!
      if (above.atMs <= place.atMs) break
      this.#queue[at] = above
      at = (at - 1) >> 1
    }
    this.#queue[at] = place
  }

  #dequeue(): void {
    const last = this.#queue.pop()!
    const length = this.#queue.length
    if (length === 0) return
    let at = 0
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && this.#queue[below + 1]!.atMs < this.#queue[below]!.atMs) below++
      if (this.#queue[below]!.atMs >= last.atMs) break
      this.#queue[at] = this.#queue[below]!
      at = below
    }
    this.#queue[at] = last
  }
}
