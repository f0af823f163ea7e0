import type { DaemonEvent } from '../daemon/event.ts'
import { published } from '../protocol/alert.ts'

/** The event as one flat object: the contract of `watch --json`. */
export function flatEvent(event: DaemonEvent): object {
  switch (event.type) {
    case 'alert':
      return { type: 'alert', ...published(event.alert) }
    case 'gap':
      return { type: 'gap', ...event.gap }
    case 'reject':
      return { type: 'reject', ...event.reject }
    default:
      return event
  }
}
