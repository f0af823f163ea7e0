import type { Alert } from '../../protocol/alert.ts'
import type { Transition } from './incident.ts'
import type { OwedNotification } from './outbox.ts'

/** The notifications owed to each sink: one for each transition that is news. Of an alert that is only noted nobody is told. */
export function owedNotifications(transitions: readonly Transition[], sinks: readonly string[]): OwedNotification[] {
  return transitions
    .filter(({ isNews, isQuiet = false }) => isNews && !isQuiet)
    .flatMap((transition) => sinks.map((sink) => ({ key: newsKey(transition.alert), sink, transition })))
}

/** A key for what an alert says now. A replay gives the same key, so that nothing is announced twice. */
export function newsKey(alert: Alert): string {
  const cause = alert.cause?.code ?? 'unexplained'
  return `${alert.id}/${alert.state}/${alert.severity}/${alert.rule}/${cause}`
}
