import type { DaemonEvent } from './event.ts'

/** What is wrong, where, and since when. */
export interface OpenProblem {
  readonly where: string
  readonly reason: string
  /** When it was noticed, ISO 8601. */
  readonly since: string
}

/** The problems that are open. Each is reported once, until it is over or its reason changes. */
export class Problems {
  readonly #open = new Map<string, Omit<OpenProblem, 'where'>>()
  readonly #onEvent: (event: DaemonEvent) => void

  constructor(onEvent: (event: DaemonEvent) => void) {
    this.#onEvent = onEvent
  }

  report(where: string, reason: string, since = new Date().toISOString()): void {
    if (this.#open.get(where)?.reason === reason) return
    this.#open.set(where, { reason, since })
    this.#onEvent({ type: 'error', where, reason })
  }

  clear(where: string): void {
    this.#open.delete(where)
  }

  open(): readonly OpenProblem[] {
    return [...this.#open].map(([where, problem]) => ({ where, ...problem }))
  }
}
