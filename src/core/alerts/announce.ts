import type { Transition } from './incident.ts'
import type { OwedNotification } from './outbox.ts'

/** The notifications that some transitions owe to each sink: of the news among them only. */
export function owedNotifications(transitions: readonly Transition[], sinks: readonly string[]): OwedNotification[] {
  return transitions
    .filter((transition) => transition.isNews)
    .flatMap((transition) => sinks.map((sink) => ({ key: keyOf(transition), sink, transition })))
}

/** Names the transition and what it says, so that a replay owes nothing twice. */
function keyOf({ alert }: Transition): string {
  const cause = alert.cause?.code ?? 'unexplained'
  return `${alert.id}/${alert.state}/${alert.severity}/${alert.rule}/${cause}`
}
