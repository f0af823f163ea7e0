import type { Alert } from '../../protocol/alert.ts'
import { classOfKind } from '../crashes/index.ts'
import { crashesOf, crashIn, fallIn } from './deaths.ts'
import { CLOCKS_APART_MS, type Death, fallOf, hasOwnReason } from './fall.ts'
import type { Incident, Incidents } from './incident.ts'

/** Runs that die within so long of each other may die of one thing. */
const TOGETHER_MS = 60_000
/** The newest so many deaths are compared. */
const MOST_DEATHS = 256

/** How a run died: the first of its ranks or files to fall. */
interface DeathOfRun {
  readonly alert: Alert
  readonly death: Death
  /** When it was seen, by this machine's clock; null of old news. */
  readonly seenMs: number | null
}

/**
 * Explains the deaths of different runs by each other, where they died within a minute.
 *
 * They have one reason where it is one that reaches other jobs, such as a full disk or a node; where both say the same; or
 * where the one only waited for others. Who fell first is decided as among the ranks of a run. Its alert lists the
 * others, and theirs name it. `isLive` says whether the times at which the alerts were detected mean anything. Returns
 * only the alerts that change.
 */
export function sharedDeaths(runs: Iterable<{ readonly incidents: Incidents }>, isLive: boolean): readonly Alert[] {
  const deaths = [...runs].flatMap(({ incidents }) => deathIn(incidents, isLive) ?? []).slice(-MOST_DEATHS)
  const first = new Map(deaths.map((one) => [one, firstOf(one, deaths)]))
  return deaths.flatMap((one) => {
    const before = first.get(one) ?? null
    const others = deaths.filter((other) => first.get(other) === one)
    const alert = withOthers(before === null ? one.alert : { ...one.alert, firstSign: wordsOf(one, before) }, others)
    const isSame = alert.firstSign === one.alert.firstSign && alert.related.length === one.alert.related.length
    return isSame ? [] : [alert]
  })
}

/** The run that fell before this one of the same reason; null where there is none. */
function firstOf(one: DeathOfRun, deaths: readonly DeathOfRun[]): DeathOfRun | null {
  const others = deaths.filter((other) => isOfOneReason(one, other))
  const { lead } = fallOf([one, ...others].map(({ death }) => death).sort(byFile), [])
  return others.find(({ death }) => death === lead) ?? null
}

function deathIn(incidents: Incidents, isLive: boolean): DeathOfRun | null {
  const isCritical = ({ alert }: Incident) => alert.state === 'firing' && alert.severity === 'critical'
  const crashes = crashesOf(incidents.open).filter(isCritical)
  if (crashes.length === 0) return null
  const death = fallIn(crashes, incidents.ranks ?? []).lead
  const { alert } = crashes.find((incident) => crashIn(incident) === death.crash) ?? crashes[0]!
  return { alert, death, seenMs: isLive && !alert.backfill ? Date.parse(alert.detectedAt) : null }
}

function isOfOneReason(one: DeathOfRun, other: DeathOfRun): boolean {
  if (one.alert.run === other.alert.run || Math.abs(afterMs(one, other) ?? Number.POSITIVE_INFINITY) > TOGETHER_MS) {
    return false
  }
  const [crash, another] = [one.death.crash, other.death.crash]
  if (crash.line === another.line) return true
  if (hasOwnReason(crash) !== hasOwnReason(another)) return true
  return crash.kind === another.kind && classOfKind(crash.kind)?.reachesOthers === true
}

/** How long the one died after the other, by the clocks of their logs or else by when they were seen; null where neither tells. */
function afterMs(one: DeathOfRun, other: DeathOfRun): number | null {
  const clocks = [one.death.crash.clockMs, other.death.crash.clockMs]
  const [later, earlier] = clocks.every((ms) => ms !== undefined) ? clocks : [one.seenMs, other.seenMs]
  return later == null || earlier == null ? null : later - earlier
}

function withOthers(alert: Alert, others: readonly DeathOfRun[]): Alert {
  const isNew = (other: Alert) => !alert.related.some(({ file }) => file === other.file)
  const news = others.map((other) => other.alert).filter(isNew)
  const related = news.map(({ file, metric, step }) => ({ file, metric, step }))
  return { ...alert, related: [...alert.related, ...related] }
}

/** "Run a fell first, 12 s before: OSError: [Errno 28] No space left on device." */
function wordsOf(one: DeathOfRun, first: DeathOfRun): string {
  const ms = afterMs(one, first) ?? 0
  const isSure = ms > CLOCKS_APART_MS || hasOwnReason(first.death.crash) !== hasOwnReason(one.death.crash)
  const when = ms > CLOCKS_APART_MS ? `, ${Math.round(ms / 1000)} s before` : ''
  const what = isSure ? `fell first${when}` : 'died at the same time'
  return `Run ${first.alert.run} ${what}: ${first.death.crash.line.trim().replace(/\.$/, '')}.`
}

function byFile(one: Death, other: Death): number {
  return one.file < other.file ? -1 : 1
}
