import type { Outbox } from '../../core/alerts/outbox.ts'
import { type Contents, type ContentsHolder, copyOf, type HeldNotification } from './contents.ts'

/** The notifications owed, oldest first for each sink. */
export function memoryOutbox(holder: ContentsHolder): Outbox {
  const change = (id: number, changed: (before: HeldNotification) => Partial<HeldNotification>): void => {
    const next = copyOf(holder.contents)
    const at = next.notifications.findIndex((one) => one.id === id)
    const before = next.notifications[at]
    if (before !== undefined) next.notifications[at] = { ...before, ...changed(before) }
    holder.contents = next
  }
  return {
    async due(sink, nowMs) {
      const first = sendable(holder.contents, sink).find(({ notBeforeMs }) => notBeforeMs <= nowMs)
      if (first === undefined) return null
      const { id, key, attempts, transition } = first
      return structuredClone({ id, key, attempts, transition })
    },
    async nextDueMs(sink) {
      const times = sendable(holder.contents, sink).map(({ notBeforeMs }) => notBeforeMs)
      return times.length === 0 ? null : Math.min(...times)
    },
    async markDelivered(id) {
      change(id, () => ({ isSettled: true }))
    },
    async markRefused(id) {
      change(id, () => ({ isSettled: true }))
    },
    async postpone(id, untilMs) {
      change(id, ({ attempts }) => ({ attempts: attempts + 1, notBeforeMs: untilMs }))
    },
  }
}

/** The notifications that may be sent: only the oldest of each alert, or a later one would overtake it. */
function sendable({ notifications }: Contents, sink: string): HeldNotification[] {
  const owed = notifications.filter((one) => one.sink === sink && !one.isSettled)
  return owed.filter(
    ({ transition }, i) => owed.findIndex((one) => one.transition.alert.id === transition.alert.id) === i,
  )
}
