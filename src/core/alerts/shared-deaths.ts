import type { Alert, Evidence } from '../../protocol/alert.ts'
import { encodeJson } from '../../protocol/json.ts'
import { classOfKind } from '../crashes/index.ts'
import { waitedMsIn } from '../job/waited.ts'
import { crashesOf, crashIn, fallIn } from './deaths.ts'
import { CLOCKS_APART_MS, type Death, type FallOrder, fallOf, hasOwnReason, isTold } from './fall.ts'
import type { Incident, Incidents } from './incident.ts'

/** Runs that die within so long of each other may die of one thing. */
const TOGETHER_MS = 60_000
/** The deaths that were seen last are compared, so many of them. */
const MOST_DEATHS = 256

/** How a run died: the first of its ranks or files to fall. */
interface DeathOfRun {
  readonly alert: Alert
  readonly death: Death
  /** How it is known who fell first in it. */
  readonly knownBy: FallOrder['knownBy']
  /** When it wrote its last words and its first, by this machine's clock; null where that is not known. */
  readonly lastMs: number | null
  readonly beganMs: number | null
}

/** The evidence that names the run which fell first. */
const FELL_FIRST = 'fellFirst'

/** What is known of the deaths in a run, and when it was written to. */
export interface EndedRun extends Pick<DeathOfRun, 'lastMs' | 'beganMs'> {
  readonly incidents: Incidents
}

/**
 * Explains the deaths of different runs by each other, where they died within a minute, or the one so long after the
 * other as it says to have waited in vain. A run that began after the end of another did not die with it.
 *
 * They have one reason where it is one that reaches other jobs, such as a full disk or a node; where both say the same; or
 * where the one only waited for others. Who fell first is decided as among the ranks of a run. Its alert lists the
 * others, and theirs name it. `lastMs` is when a run that was seen to grow was last written to, `beganMs` when first,
 * and null of any other: a copied log bears the time of the copy. Returns only the alerts that change.
 */
export function sharedDeaths(runs: Iterable<EndedRun>): readonly Alert[] {
  const deaths = newest([...runs].flatMap((run) => deathIn(run) ?? []))
  const first = new Map(deaths.map((one) => [one, firstOf(one, deaths)]))
  return deaths.flatMap((one) => {
    const before = first.get(one) ?? null
    const others = deaths.filter((other) => first.get(other) === one)
    const own = alone(one.alert)
    const alert = withOthers(before === null ? own : withFirst(own, one, before), others)
    return encodeJson(alert) === encodeJson(one.alert) ? [] : [alert]
  })
}

/** In an order that does not depend on which run was read first. */
function newest(deaths: readonly DeathOfRun[]): readonly DeathOfRun[] {
  const bySeen = deaths.toSorted((one, other) => (one.alert.detectedAt < other.alert.detectedAt ? -1 : 1))
  return bySeen.slice(-MOST_DEATHS).sort((one, other) => byFile(one.death, other.death))
}

/** The alert as it was before other deaths explained it: what was known then may not hold any more. */
function alone(alert: Alert): Alert {
  const related = alert.related.filter(({ run }) => run === undefined)
  const { cause } = alert
  if (cause === null || !cause.evidence.some(isMark)) return { ...alert, related }
  const evidence = cause.evidence.filter((item) => !isMark(item))
  return { ...alert, related, firstSign: null, cause: { ...cause, evidence } }
}

/** The alert of one that did not fall first. */
function withFirst(alert: Alert, one: DeathOfRun, first: DeathOfRun): Alert {
  const { cause } = alert
  const evidence = [...(cause?.evidence ?? []), { name: FELL_FIRST, value: first.alert.run }]
  return { ...alert, firstSign: wordsOf(one, first), cause: cause === null ? null : { ...cause, evidence } }
}

function isMark({ name }: Evidence): boolean {
  return name === FELL_FIRST
}

/** The run that fell before this one of the same reason; null where there is none. */
function firstOf(one: DeathOfRun, deaths: readonly DeathOfRun[]): DeathOfRun | null {
  const others = deaths.filter((other) => isOfOneReason(one, other))
  const { lead } = fallOf(
    [one, ...others].map(({ death }) => death),
    [],
  )
  return others.find(({ death }) => death === lead) ?? null
}

function deathIn({ incidents, lastMs, beganMs }: EndedRun): DeathOfRun | null {
  const isCritical = ({ alert }: Incident) => alert.state === 'firing' && alert.severity === 'critical'
  const crashes = crashesOf(incidents.open).filter(isCritical)
  if (crashes.length === 0) return null
  const { lead, knownBy } = fallIn(crashes, incidents.ranks ?? [])
  const { alert } = crashes.find((incident) => crashIn(incident) === lead.crash) ?? crashes[0]!
  return { alert, death: lead, knownBy, lastMs, beganMs }
}

function isOfOneReason(one: DeathOfRun, other: DeathOfRun): boolean {
  if (one.alert.run === other.alert.run || !isTogether(one, other)) return false
  const [crash, another] = [one.death.crash, other.death.crash]
  if (crash.line === another.line && !isTold(crash)) return true
  if (hasReason(one) !== hasReason(other)) return true
  return crash.kind === another.kind && classOfKind(crash.kind)?.reachesOthers === true
}

/** Whether a run died of no other. One of which a launcher tells that it was killed did not. */
function hasReason({ death, knownBy }: DeathOfRun): boolean {
  return hasOwnReason(death.crash) || knownBy === 'launcher'
}

function isTogether(one: DeathOfRun, other: DeathOfRun): boolean {
  if (beganAfter(one, other) || beganAfter(other, one)) return false
  const ms = afterMs(one, other)
  return ms !== null && [ms, ms - waitedMs(one), ms + waitedMs(other)].some((apart) => Math.abs(apart) <= TOGETHER_MS)
}

/** Whether the one made its first step after the end of the other, by the clocks of their logs or by this machine's. */
function beganAfter(one: DeathOfRun, other: DeathOfRun): boolean {
  const isAfter = (beganMs: number | null | undefined, diedMs: number | null | undefined) =>
    beganMs != null && diedMs != null && beganMs > diedMs
  return isAfter(one.death.crash.beganMs, other.death.crash.clockMs) || isAfter(one.beganMs, other.lastMs)
}

/** How long a run says to have waited in vain for others; 0 for one that died of itself. */
function waitedMs(one: DeathOfRun): number {
  const { line, lines } = one.death.crash
  return hasReason(one) ? 0 : (waitedMsIn([line, ...lines]) ?? 0)
}

/** How long the one died after the other, by the clocks of their logs or else by their last words; null where neither tells. */
function afterMs(one: DeathOfRun, other: DeathOfRun): number | null {
  const clocks = [one.death.crash.clockMs, other.death.crash.clockMs]
  const [later, earlier] = clocks.every((ms) => ms !== undefined) ? clocks : [one.lastMs, other.lastMs]
  return later == null || earlier == null ? null : later - earlier
}

function withOthers(alert: Alert, others: readonly DeathOfRun[]): Alert {
  const related = others.map(({ alert: { run, file, metric, step } }) => ({ file, metric, step, run }))
  return { ...alert, related: [...alert.related, ...related] }
}

/** "Run a fell first, 12 s before: OSError: [Errno 28] No space left on device." */
function wordsOf(one: DeathOfRun, first: DeathOfRun): string {
  const ms = afterMs(one, first) ?? 0
  const isSure = ms > CLOCKS_APART_MS || hasReason(first) !== hasReason(one)
  const when = ms > CLOCKS_APART_MS ? `, ${Math.round(ms / 1000)} s before` : ''
  const what = isSure ? `fell first${when}` : 'died at the same time'
  return `Run ${first.alert.run} ${what}: ${first.death.crash.line.trim().replace(/\.$/, '')}.`
}

function byFile(one: Death, other: Death): number {
  return one.file < other.file ? -1 : 1
}
