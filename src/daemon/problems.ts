import type { EntryBody } from '../protocol/wire.ts'
import type { DaemonEvent } from './event.ts'

/** Problems told once each, until they are over. */
export class Problems {
  readonly #open = new Map<string, string>()
  readonly #told = new Set<string>()
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
    this.#told.clear()
  }

  /** An alert that could not be stored yet: told at once, and not again with every try. */
  tellOnce(entry: EntryBody): void {
    if (entry.type !== 'alert' || !entry.isNews) return
    const key = `${entry.alert.id}/${entry.alert.state}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#onEvent(entry)
  }

  open(): readonly { readonly where: string; readonly reason: string }[] {
    return [...this.#open].map(([where, reason]) => ({ where, reason }))
  }
}
