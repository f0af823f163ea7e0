import type { Alert } from '../../protocol/alert.ts'
import type { Transition } from './incident.ts'
import type { OwedNotification } from './outbox.ts'

/** The notifications that some transitions owe to each sink: of the news among them only. */
export function owedNotifications(transitions: readonly Transition[], sinks: readonly string[]): OwedNotification[] {
  return transitions
    .filter((transition) => transition.isNews)
    .flatMap((transition) => sinks.map((sink) => ({ key: newsKey(transition.alert), sink, transition })))
}

/** Names what happened to an alert and what it says now, so that a replay tells nothing twice. */
export function newsKey(alert: Alert): string {
  const cause = alert.cause?.code ?? 'unexplained'
  return `${alert.id}/${alert.state}/${alert.severity}/${alert.rule}/${cause}`
}
