import { type Alert, type AlertSign, type AlertText, bySeverity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import { crashed } from '../detect/crashed.ts'
import { FAILURE_SIGNS } from '../detect/failure-signs.ts'
import { stall } from '../detect/stall.ts'
import { short } from '../detect/wording.ts'
import type { Trend } from '../diagnose/diagnosis.ts'
import { sureness } from '../diagnose/finding-in-context.ts'
import { crashesOf, crashIn, fallIn, isCrash, isDeathOfLoss, isOfOneDeath, isStall, textOfFall } from './deaths.ts'
import type { RankSeen } from './fall.ts'
import { beginOf, type Incident, type Incidents, standsAt, startOf } from './incident.ts'

/** Incidents that are signs of one failure, in the order in which they began. */
export type Failure = readonly Incident[]

/** The rules that one failing loss sets off, the one that says most of it first. */
const SIGNS = FAILURE_SIGNS.map(({ name }) => name)
/** The rules among them that watch predictions. The series of predictions have none of the `ROLES`. */
const OF_PREDICTIONS = FAILURE_SIGNS.filter(({ needs }) => needs.includes('predictions')).map(({ name }) => name)
/** The roles of the series in which the other rules see a loss fail. */
const ROLES: readonly Role[] = ['train_loss', 'val_loss', 'grad_norm', 'loss_scale']
/** A less grave incident that follows within this many records is a sign of the same failure. */
const RECORDS_APART = 200

/**
 * Groups the incidents of a run into failures: the signs of one failing loss are one failure.
 *
 * The groups depend on the incidents only, and not on which of them was seen
 * first. A graver incident takes in those that stood when it began, and those
 * that followed it soon. An incident that several would take in belongs to the
 * earliest of them. Otherwise a rise that never ends would make one failure of
 * everything that happens while it lasts.
 */
export function failuresOf({ open, closed }: Incidents): readonly Failure[] {
  const all = [...closed, ...open].sort(byBegin)
  const failures = new Map<Incident, Incident[]>()
  for (const incident of all) {
    const root = rootOf(incident, all)
    failures.set(root, [...(failures.get(root) ?? []), incident])
  }
  return [...failures.values()]
}

/**
 * The alerts of a failure: one for the whole, which lists its signs, and those of the other signs, which are part of it.
 *
 * The alert of the earliest sign becomes that of the whole. It keeps its id, and
 * takes over the headline of the gravest sign.
 * `ranks` says how far the ranks of the run had come.
 */
export function alertsOf(failure: Failure, ranks: readonly RankSeen[] = []): readonly Alert[] {
  const [first, ...others] = failure
  if (others.length === 0) {
    return [{ ...first!.alert, ...textOfFall(failure, first!, ranks), signs: [], partOf: null }]
  }
  const { id } = first!.alert
  return [whole(failure, ranks), ...others.map(({ alert }) => ({ ...alert, partOf: id }))]
}

/** Whether an alert is part of another, which is announced in its place. */
export function isPart({ partOf }: Alert): boolean {
  return partOf !== null
}

/**
 * Whether a failure is not over: one of its signs still fires.
 *
 * A sign that only foretold another does not count once that other one is there.
 */
export function isStanding(failure: Failure): boolean {
  const rules = failure.map(({ alert }) => alert.rule)
  const foretold = FAILURE_SIGNS.filter(({ foretells = [] }) => foretells.some((rule) => rules.includes(rule)))
  return failure.some(({ alert }) => alert.state === 'firing' && foretold.every(({ name }) => name !== alert.rule))
}

/** The sign that says most about a failure. Of several crashes it is the one of which the others came. */
export function gravest(failure: Failure, ranks: readonly RankSeen[] = []): Incident {
  const main = failure.reduce((most, sign) => (byGravity(sign, most) < 0 ? sign : most))
  if (!isCrash(main)) return main
  const { lead } = fallIn(failure, ranks)
  return crashesOf(failure).find((sign) => crashIn(sign) === lead.crash) ?? main
}

/**
 * The gravest incident of the failure that an incident belongs to. It may be the incident itself.
 *
 * Each incident is taken in by the earliest that would, and that one may be
 * taken in as well. `all` must be in the order in which they began.
 */
function rootOf(incident: Incident, all: readonly Incident[]): Incident {
  const taker =
    all.find((other) => takesIn(other, incident, all)) ?? all.find((other) => goesOverInto(incident, other, all))
  return taker === undefined ? incident : rootOf(taker, all)
}

/** Whether `main` is graver than `other`, and `other` is a sign of the same failure. */
function takesIn(main: Incident, other: Incident, all: readonly Incident[]): boolean {
  if (byGravity(main, other) >= 0) return false
  if (isCrash(main) && isCrash(other)) return isOfOneDeath(main, other)
  if (isStall(main) || isStall(other)) return isOfOneSilence(main, other)
  if (main.alert.attempt !== other.alert.attempt) return false
  if (isCrash(main)) return isOfLoss(other) && isDeathOfLoss(main, other, all)
  if (isCrash(other)) return isOfLoss(main) && isDeathOfLoss(other, main, all)
  if (!isOfLoss(main) || !isOfLoss(other)) return false
  const [from, at] = [startOf(main), startOf(other)]
  // A log without steps only shows that both stand at once, and only if both are in the same file.
  if (from === null || at === null) return main.alert.file === other.alert.file && standAtOnce(main, other)
  if (at <= from) return standsAt(other, from)
  const records = (at - from) / stepsApart([main.worst.trend, other.worst.trend])
  return records <= RECORDS_APART && standsAt(main, at)
}

/** Whether a failure that was no more than a warning soon became a critical one: a sign of it still stood when that began. */
function goesOverInto(incident: Incident, main: Incident, all: readonly Incident[]): boolean {
  if (main.alert.severity !== 'critical' || incident.alert.severity === 'critical' || !isOfLoss(incident)) return false
  const [from, at] = [startOf(incident), startOf(main)]
  if (from === null || at === null || at < from) return false
  if ((at - from) / stepsApart([incident.worst.trend, main.worst.trend]) > RECORDS_APART) return false
  return all.some((sign) => takesIn(incident, sign, all) && takesIn(main, sign, all))
}

/** Whether two incidents of one file stand at once, or did: the earlier stood when the later began. */
function standAtOnce(one: Incident, other: Incident): boolean {
  const [a, b] = [beginOf(one).finding.at.offset ?? 0, beginOf(other).finding.at.offset ?? 0]
  const [{ alert, resolvedOffset = 0 }, later] = a <= b ? [one, b] : [other, a]
  return alert.state === 'firing' || later < resolvedOffset
}

/** Whether a silence stood when a crash ended it, or began in a loss that had failed. */
function isOfOneSilence(one: Incident, other: Incident): boolean {
  const [stalled, { alert }] = isStall(one) ? [one.alert, other] : [other.alert, one]
  if (isCrash({ alert })) return isWithin(alert.detectedAt, stalled)
  return isOfLoss({ alert }) && alert.severity === 'critical' && isWithin(stalled.detectedAt, alert)
}

function isWithin(atIso: string, { detectedAt, resolvedAt }: Alert): boolean {
  return detectedAt <= atIso && (resolvedAt === null || atIso <= resolvedAt)
}

/** The one alert of a failure with several signs. */
function whole(failure: Failure, ranks: readonly RankSeen[]): Alert {
  const first = failure[0]!
  const main = gravest(failure, ranks)
  // A sign that came after the gravest one cannot be its cause.
  const surest = failure
    .filter((sign) => isOfLoss(sign) && byStart(sign, main) <= 0)
    .reduce((best, sign) => (sureness(sign.alert) > sureness(best.alert) ? sign : best), main)
  return {
    ...main.alert,
    ...ending(failure),
    id: first.alert.id,
    detectedAt: first.alert.detectedAt,
    backfill: first.alert.backfill && main.alert.backfill,
    severity: failure.map(({ alert }) => alert.severity).sort(bySeverity)[0]!,
    ...textOf(first, main, surest),
    ...textOfFall(failure, main, ranks),
    ...textOfDeath(failure, main, surest, ranks),
    cause: surest.alert.cause,
    signs: failure.map(signOf),
    partOf: null,
  }
}

/** The text of such an alert: the headline of the gravest sign, what came first, and the surest explanation. */
function textOf(first: Incident, main: Incident, surest: Incident): AlertText {
  const { headline } = main.alert
  if (surest !== main) {
    const { alert } = surest
    const link = byStart(surest, main) < 0 ? 'It began before' : 'With it came this'
    return { headline, firstSign: sentences(`${link}: ${alert.headline}`, alert.firstSign), why: alert.why }
  }
  const { rule, at } = beginOf(first).finding
  if (isStall(first) && first !== main) {
    return {
      headline,
      firstSign: sentences(`It began before: ${first.alert.headline}`, main.alert.firstSign),
      why: main.alert.why,
    }
  }
  const isElsewhere = first !== main && !isCrash(first) && at.step !== null && at.step !== main.alert.step
  if (!isElsewhere) return { headline, firstSign: main.alert.firstSign, why: main.alert.why }
  const sign = `The first sign was at step ${at.step}: ${rule}, ${at.metric} at ${short(at.value)}.`
  return { headline, firstSign: sentences(sign, main.alert.firstSign), why: main.alert.why }
}

function sentences(one: string, other: string | null): string {
  return other === null ? one : `${one} ${other}`
}

/** The state of the failure as fields of its alert. It resolves with the last of its signs. */
function ending(failure: Failure): Pick<Alert, 'state' | 'resolvedAt' | 'resolvedStep'> {
  if (isStanding(failure)) return { state: 'firing', resolvedAt: null, resolvedStep: null }
  const ended = failure.map(({ alert }) => alert).filter(({ state }) => state === 'resolved')
  const last = ended.reduce((a, b) => ((b.resolvedStep ?? 0) > (a.resolvedStep ?? 0) ? b : a))
  return { state: 'resolved', resolvedAt: last.resolvedAt, resolvedStep: last.resolvedStep }
}

function signOf(incident: Incident): AlertSign {
  const { id, rule, severity } = incident.alert
  const { finding, file } = beginOf(incident)
  return { id, rule, severity, file, metric: finding.at.metric, step: finding.at.step }
}

/** Why a loss failed, and that the job then died of it; nothing where it did not. */
function textOfDeath(failure: Failure, main: Incident, surest: Incident, ranks: readonly RankSeen[]): Partial<Alert> {
  if (!isOfLoss(main) || !failure.some(isCrash)) return {}
  const lead = gravest(crashesOf(failure), ranks)
  const { headline } = { ...lead.alert, ...textOfFall(failure, lead, ranks) }
  return { why: sentences(surest.alert.why, `Then, ${headline}`).trim() }
}

function isOfLoss({ alert: { rule, role } }: Pick<Incident, 'alert'>): boolean {
  if (rule === crashed.name || rule === stall.name) return false
  return SIGNS.includes(rule) && (OF_PREDICTIONS.includes(rule) || ROLES.includes(role))
}

/** Sorts the gravest first: by severity, then by how much the rule says, then by where they began. */
function byGravity(one: Incident, other: Incident): number {
  return (
    bySeverity(one.alert.severity, other.alert.severity) ||
    SIGNS.indexOf(one.alert.rule) - SIGNS.indexOf(other.alert.rule) ||
    byStart(one, other) ||
    (one.alert.id < other.alert.id ? -1 : 1)
  )
}

/** Sorts by where they began; of two that began at one place the graver comes first, and a silence before its end. */
function byBegin(one: Incident, other: Incident): number {
  const bySilence = isCrash(one) && isStall(other) ? 1 : isStall(one) && isCrash(other) ? -1 : 0
  return byStart(one, other) || bySilence || byGravity(one, other)
}

function byStart(one: Incident, other: Incident): number {
  const [a, b] = [beginOf(one).finding.at, beginOf(other).finding.at]
  return (a.step ?? a.offset ?? 0) - (b.step ?? b.offset ?? 0)
}

/** The mean number of steps between two losses, the largest of several logs: more than 1 where a log leaves steps out. */
function stepsApart(trends: readonly Trend[]): number {
  return Math.max(
    1,
    ...trends.map(({ loss }) => {
      const steps = new Set(loss.map(({ step }) => step).filter((step) => step !== null))
      return steps.size < 2 ? 1 : (Math.max(...steps) - Math.min(...steps)) / (steps.size - 1)
    }),
  )
}
