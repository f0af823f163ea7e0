import type { OwedNotification } from '../core/alerts/outbox.ts'
import type { Commit } from '../core/pipeline/commit.ts'
import type { EntryBody } from '../protocol/wire.ts'
import type { DaemonEvent } from './event.ts'

/** Tells the alerts of commits that the store could not take: each once, however often they are read and tried. */
export class UnsavedAlerts {
  /** Of those that were told and are not saved yet. */
  readonly #told = new Set<string>()
  readonly #tried = new Set<string>()
  readonly #onEvent: (event: DaemonEvent) => void
  readonly #deliver: (owed: OwedNotification) => void

  constructor(onEvent: (event: DaemonEvent) => void, deliver: (owed: OwedNotification) => void) {
    this.#onEvent = onEvent
    this.#deliver = deliver
  }

  tell({ entries, owed }: Commit): void {
    for (const entry of entries) {
      const key = keyOf(entry)
      if (key === null || this.#told.has(key)) continue
      this.#told.add(key)
      this.#onEvent(entry)
    }
    for (const notification of owed) {
      const key = `${notification.sink} ${notification.key}`
      if (this.#tried.has(key)) continue
      this.#tried.add(key)
      this.#deliver(notification)
    }
  }

  /** Whether an entry that is saved now was told already. To be asked once for each. */
  wasTold(entry: EntryBody): boolean {
    const key = keyOf(entry)
    return key !== null && this.#told.delete(key)
  }
}

function keyOf(entry: EntryBody): string | null {
  return entry.type === 'alert' && entry.isNews ? `${entry.alert.id}/${entry.alert.state}` : null
}
