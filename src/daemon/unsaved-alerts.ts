import { newsKey } from '../core/alerts/announce.ts'
import type { OwedNotification } from '../core/alerts/outbox.ts'
import type { Commit } from '../core/pipeline/commit.ts'
import type { EntryBody } from '../protocol/wire.ts'
import type { DaemonEvent } from './event.ts'

/** Announces the alerts of commits that the store could not take: each once, however often its commit is tried. */
export class UnsavedAlerts {
  /** The news of each alert that was announced and is not saved yet, by the id of the alert. */
  readonly #announced = new Map<string, readonly string[]>()
  readonly #tried = new Set<string>()
  readonly #onEvent: (event: DaemonEvent) => void
  readonly #deliver: (owed: OwedNotification) => void

  constructor(onEvent: (event: DaemonEvent) => void, deliver: (owed: OwedNotification) => void) {
    this.#onEvent = onEvent
    this.#deliver = deliver
  }

  /** Announces the news in a commit that was not saved, and tries to deliver its notifications. */
  announce({ entries, owed }: Commit): void {
    for (const entry of entries) {
      if (entry.type !== 'alert' || !entry.isNews) continue
      const { alert } = entry
      const [announced, key] = [this.#announcedOf(alert.id), newsKey(alert)]
      if (announced.includes(key)) continue
      this.#announced.set(alert.id, [...announced, key])
      this.#onEvent(entry)
    }
    for (const notification of owed) {
      const key = `${notification.sink} ${notification.key}`
      if (this.#tried.has(key)) continue
      this.#tried.add(key)
      this.#deliver(notification)
    }
  }

  /** Whether an entry that is saved now was announced before. To be called once for each entry. */
  wasAnnounced(entry: EntryBody): boolean {
    if (entry.type !== 'alert' || !entry.isNews) return false
    const { alert } = entry
    const announced = this.#announcedOf(alert.id)
    const index = announced.indexOf(newsKey(alert))
    if (index < 0) return false
    // Earlier news of the alert is saved with it, so it is dropped as well.
    const left = announced.slice(index + 1)
    if (left.length === 0) this.#announced.delete(alert.id)
    else this.#announced.set(alert.id, left)
    return true
  }

  #announcedOf(id: string): readonly string[] {
    return this.#announced.get(id) ?? []
  }
}
