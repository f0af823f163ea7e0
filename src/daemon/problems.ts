import type { DaemonEvent } from './event.ts'

/** The problems that are open. Each is reported once, until it is over or its reason changes. */
export class Problems {
  readonly #open = new Map<string, string>()
  readonly #onEvent: (event: DaemonEvent) => void

  constructor(onEvent: (event: DaemonEvent) => void) {
    this.#onEvent = onEvent
  }

  report(where: string, reason: string): void {
    if (this.#open.get(where) === reason) return
    this.#open.set(where, reason)
    this.#onEvent({ type: 'error', where, reason })
  }

  clear(where: string): void {
    this.#open.delete(where)
  }

  open(): readonly { readonly where: string; readonly reason: string }[] {
    return [...this.#open].map(([where, reason]) => ({ where, reason }))
  }
}
