import { type Alert, bySeverity } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { crashOf } from '../crashes/index.ts'
import { sureness } from '../diagnose/finding-in-context.ts'
import { isCrash } from './deaths.ts'
import { alertsOf, type Failure, failuresOf, gravest, isPart } from './failure.ts'
import type { Changed, Incident, Incidents, Transition } from './incident.ts'
import { mayBeShared } from './shared-spikes.ts'

/** Most incidents of past failures that are kept. */
const CLOSED_KEPT = 8
/** Most spikes that are kept after they are forgotten as incidents, because spikes of other runs may still explain them. */
const PAST_SPIKES_KEPT = 64

/**
 * Turns a change of incidents into a change of alerts, where the signs of one failure are one alert.
 *
 * An alert that is part of another is stored and never announced, and the alert
 * that lists it changes with it. Failures that are over are forgotten as a
 * whole, the oldest first.
 */
export function asOne(before: Incidents, { incidents, transitions }: Changed): Changed {
  const mayNameAnother = before.ranks !== incidents.ranks && incidents.open.some(isCrash)
  if (transitions.length === 0 && !mayNameAnother) return { incidents, transitions }
  const known = new Map(
    failuresOf(before)
      .flatMap((failure) => alertsOf(failure, before.ranks))
      .map((alert) => [alert.id, alert]),
  )
  const failures = failuresOf(incidents)
  const changes = failures.flatMap((failure) => {
    const ids = failure.map(({ alert }) => alert.id)
    const own = transitions.filter(({ alert }) => ids.includes(alert.id))
    const past = ids.map((id) => known.get(id)).filter((alert) => alert !== undefined)
    return alertsOf(failure, incidents.ranks).flatMap((alert): Transition[] => {
      const was = known.get(alert.id)
      const isSame =
        own.every((transition) => transition.alert.id !== alert.id) && encodeJson(was) === encodeJson(alert)
      if (isSame) return []
      const quiet = isOnlyNoted(alert) && past.every(isOnlyNoted) ? ({ isQuiet: true } as const) : {}
      return [
        {
          kind: kindOf(alert, was),
          alert,
          isNews: isNews(alert, past, own, gravest(failure, incidents.ranks)),
          ...quiet,
        },
      ]
    })
  })
  const closed = newest(incidents.closed, failures)
  const isForgotten = (incident: Incident) => incidents.closed.includes(incident) && !closed.includes(incident)
  const forgotten = failures
    .filter((failure) => failure.length === 1 && failure.every(isForgotten))
    .flatMap((failure) => alertsOf(failure))
  return { incidents: withPastSpikes({ ...incidents, closed }, forgotten), transitions: changes }
}

/** The incidents with the spikes among `forgotten`, alerts that are no longer kept as incidents. */
function withPastSpikes(incidents: Incidents, forgotten: readonly Alert[]): Incidents {
  const spikes = forgotten.filter(mayBeShared)
  if (spikes.length === 0) return incidents
  return { ...incidents, pastSpikes: [...(incidents.pastSpikes ?? []), ...spikes].slice(-PAST_SPIKES_KEPT) }
}

function isOnlyNoted({ severity }: Alert): boolean {
  return severity === 'info'
}

function kindOf(alert: Alert, was: Alert | undefined): Transition['kind'] {
  if (was === undefined) return 'firing'
  if (alert.state !== was.state) return alert.state
  // The first that is told of an alert is that it fires.
  return alert.state === 'firing' && !isTold(was) && isTold(alert) ? 'firing' : 'updated'
}

/** Whether people are told of it: of old news, of what is only noted, and of a part of another alert nobody is. */
function isTold(alert: Alert): boolean {
  return !isOnlyNoted(alert) && !isPart(alert) && !alert.backfill
}

/**
 * Whether an alert is news: its failure opened, got worse, got its cause, or ended.
 *
 * `past` are the alerts of the failure before the change, and `own` is what the
 * change does to its incidents. Only those of `past` that are no part of another
 * alert were shown to people, so only with those the alert is compared.
 */
function isNews(alert: Alert, past: readonly Alert[], own: readonly Transition[], main: Incident): boolean {
  if (isPart(alert)) return false
  const news = own.filter((transition) => transition.isNews)
  const shown = past.filter((one) => !isPart(one))
  if (shown.length === 0) return alert.state === 'firing' && (news.length > 0 || (past.length > 0 && !alert.backfill))
  const wasFiring = shown.some(({ state }) => state === 'firing')
  if (wasFiring !== (alert.state === 'firing')) return wasFiring ? !alert.backfill : news.length > 0
  const isWorse = shown.every(({ severity }) => bySeverity(alert.severity, severity) < 0)
  const isSurer = shown.every((one) => sureness(one) < sureness(alert))
  const isDead = alert.rule === 'non-finite' && shown.every(({ rule }) => rule !== 'non-finite')
  const hasRoot = shown.every(isOfCascade) && !isOfCascade(alert)
  // News of the gravest sign is always news of the failure.
  const { id } = main.alert
  const isOfGravest = news.some((transition) => transition.kind === 'updated' && transition.alert.id === id)
  return news.length > 0 && (isWorse || isSurer || isDead || hasRoot || isOfGravest)
}

/** Whether an alert only says that ranks waited for another. */
function isOfCascade({ cause }: Alert): boolean {
  return cause !== null && cause.code !== null && crashOf(cause.code)?.part === 'cascade'
}

/** The resolved incidents to keep: all of a failure that still stands, and those of the newest failures that are over. */
function newest(closed: readonly Incident[], failures: readonly Failure[]): readonly Incident[] {
  if (closed.length <= CLOSED_KEPT) return closed
  const isOver = (failure: Failure) => failure.every((sign) => closed.includes(sign))
  const endOf = (failure: Failure) => Math.max(...failure.map((sign) => closed.indexOf(sign)))
  const kept = failures.filter((failure) => !isOver(failure)).flat()
  let room = CLOSED_KEPT
  for (const failure of failures.filter(isOver).sort((a, b) => endOf(b) - endOf(a))) {
    room -= failure.length
    if (room >= 0) kept.push(...failure)
  }
  return closed.filter((incident) => kept.includes(incident))
}
