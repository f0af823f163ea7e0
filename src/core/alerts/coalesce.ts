import { isPart } from './failure.ts'
import type { Transition } from './incident.ts'

/**
 * Merges what happened to each alert within one commit.
 *
 * An alert that opened and was explained at once is sent once, with its cause.
 * An alert that resolved is sent as resolved, also to receivers that did not
 * get its opening.
 */
export function coalesce(transitions: readonly Transition[]): readonly Transition[] {
  const byAlert = new Map<string, Transition>()
  for (const transition of transitions) {
    const { id } = transition.alert
    const before = byAlert.get(id)
    byAlert.set(id, before === undefined ? transition : merged(before, transition))
  }
  // What was not told yet when its alert became a part is news of the whole.
  const untold = transitions.filter(({ isNews }) => isNews).map(({ alert: { id } }) => byAlert.get(id)?.alert.partOf)
  return [...byAlert.values()].map((one) => (untold.includes(one.alert.id) ? { ...one, isNews: true } : one))
}

function merged(before: Transition, after: Transition): Transition {
  const kind = after.kind === 'updated' ? before.kind : after.kind
  // An alert that has become part of another is announced with that one.
  const isNews = (before.isNews || after.isNews) && !isPart(after.alert)
  return { kind, alert: after.alert, isNews, ...(before.isQuiet && after.isQuiet ? { isQuiet: true } : {}) }
}
