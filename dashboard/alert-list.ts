import { type Alert, messageOf, type Severity } from '../src/protocol/alert.ts'

/** The alerts this page knows, and what it still has to show as new. */
export interface AlertList {
  /** Newest first. */
  readonly alerts: readonly Alert[]
  /** Which request for the whole list is awaited; an answer to an older one is dropped. */
  readonly load: number
  readonly loaded: boolean
  /** What arrived while the list was on its way: it may be newer than the list. */
  readonly meanwhile: readonly Alert[]
  /** Ids of alerts that arrived while the page was open and have not been looked at. */
  readonly unseen: ReadonlySet<string>
  /** How many alerts a reconnect has brought. */
  readonly whileAway: number
  /** What a screen reader should say next. */
  readonly announcement: string
}

export const NO_ALERTS: AlertList = {
  alerts: [],
  load: 0,
  loaded: false,
  meanwhile: [],
  unseen: new Set(),
  whileAway: 0,
  announcement: '',
}

/** How an entry reached the page: as it happened, or after a connection that had been lost. */
export type Arrival = 'live' | 'while-away'

/** The list dropped and asked for again: the server's history is another one. */
export function reloaded(list: AlertList): AlertList {
  return { ...NO_ALERTS, load: list.load + 1 }
}

/** The whole list as the server gave it, with what arrived meanwhile on top. */
export function withAnswer(list: AlertList, load: number, alerts: readonly Alert[]): AlertList {
  if (load !== list.load) return list
  return { ...list, alerts: list.meanwhile.reduce(put, newestFirst(alerts)), loaded: true, meanwhile: [] }
}

/** The list after one alert opened, changed or resolved; `isNews` as the server sees it. */
export function withArrival(list: AlertList, alert: Alert, isNews: boolean, arrival: Arrival): AlertList {
  const isNew = isNews && alert.state === 'firing' && !list.unseen.has(alert.id)
  return {
    ...list,
    alerts: put(list.alerts, alert),
    meanwhile: list.loaded ? list.meanwhile : [...list.meanwhile, alert],
    unseen: isNew ? new Set([...list.unseen, alert.id]) : list.unseen,
    whileAway: isNew && arrival === 'while-away' ? list.whileAway + 1 : list.whileAway,
    announcement: isNew ? `New ${alert.severity} alert in ${alert.run}: ${messageOf(alert)}` : list.announcement,
  }
}

/** The list after somebody has looked at one alert, or at all of them. */
export function withSeen(list: AlertList, id: string | null): AlertList {
  const unseen = new Set(list.unseen)
  if (id === null) unseen.clear()
  else unseen.delete(id)
  return unseen.size === list.unseen.size ? list : { ...list, unseen }
}

/** How many alerts of a severity are firing. */
export function firingCount(alerts: readonly Alert[], severity: Severity): number {
  return alerts.filter((alert) => alert.state === 'firing' && alert.severity === severity).length
}

function put(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const others = alerts.filter((other) => other.id !== alert.id)
  // The alert that it is part of is in the list.
  if (alert.partOf !== null) return others
  const at = others.findIndex((other) => compare(alert, other) <= 0)
  return at === -1 ? [...others, alert] : [...others.slice(0, at), alert, ...others.slice(at)]
}

function newestFirst(alerts: readonly Alert[]): readonly Alert[] {
  return [...alerts].sort(compare)
}

/** By when nanwatch saw it, then by step: a backfill sees a whole history in one moment. */
function compare(a: Alert, b: Alert): number {
  if (a.detectedAt !== b.detectedAt) return a.detectedAt > b.detectedAt ? -1 : 1
  return (b.step ?? -1) - (a.step ?? -1)
}
