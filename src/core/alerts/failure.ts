import { type Alert, type AlertSign, type AlertText, bySeverity } from '../../protocol/alert.ts'
import type { Role } from '../../protocol/sample.ts'
import { FAILURE_SIGNS } from '../detect/failure-signs.ts'
import { short } from '../detect/wording.ts'
import type { Trend } from '../diagnose/diagnosis.ts'
import { sureness } from '../diagnose/finding-in-context.ts'
import type { Incident, Incidents } from './incident.ts'

/** Incidents that are signs of one failure, in the order in which they began. */
export type Failure = readonly Incident[]

/** The rules that one failing loss sets off, the one that says most of it first. */
const SIGNS = FAILURE_SIGNS.map(({ name }) => name)
/** These are about predictions, whose series have a role of their own. */
const OF_PREDICTIONS = FAILURE_SIGNS.filter(({ needs }) => needs.includes('predictions')).map(({ name }) => name)
const ROLES: readonly Role[] = ['train_loss', 'val_loss', 'grad_norm']
/** What is less grave and follows within so many records is a sign of the same failure. */
const RECORDS_APART = 200

/**
 * The incidents of a run, put together where they are signs of one failure of its loss.
 *
 * A function of what the incidents are, whichever was told first: a graver one
 * takes in what stood when it began, and what followed it soon. What several
 * would take in belongs to the earliest of them, so that a rise that never
 * ends does not make one failure of all that happens in its time.
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
 * The alerts of a failure: one that lists its signs, and those that are part of it.
 *
 * It is the alert of the first sign that goes on as that of the whole, with
 * the gravest one for its headline.
 */
export function alertsOf(failure: Failure): readonly Alert[] {
  const [first, ...others] = failure
  if (others.length === 0) return [{ ...first!.alert, signs: [], partOf: null }]
  const { id } = first!.alert
  return [whole(failure), ...others.map(({ alert }) => ({ ...alert, partOf: id }))]
}

/** Whether an alert is part of another, which is told in its place. */
export function isPart({ partOf }: Alert): boolean {
  return partOf !== null
}

/** Whether a failure is not over: one of its signs still stands. What was only foretold ends when it has come. */
export function isStanding(failure: Failure): boolean {
  const rules = failure.map(({ alert }) => alert.rule)
  const foretold = FAILURE_SIGNS.filter(({ foretells = [] }) => foretells.some((rule) => rules.includes(rule)))
  return failure.some(({ alert }) => alert.state === 'firing' && foretold.every(({ name }) => name !== alert.rule))
}

/** The sign that says most of a failure. */
export function gravest(failure: Failure): Incident {
  return failure.reduce((most, sign) => (byGravity(sign, most) < 0 ? sign : most))
}

/** The incident at the end of the chain in which each is taken in by the earliest that would; `all` in the order in which they began. */
function rootOf(incident: Incident, all: readonly Incident[]): Incident {
  const taker = all.find((other) => takesIn(other, incident))
  return taker === undefined ? incident : rootOf(taker, all)
}

function takesIn(main: Incident, other: Incident): boolean {
  if (!isOfLoss(main) || !isOfLoss(other) || main.alert.attempt !== other.alert.attempt) return false
  if (byGravity(main, other) >= 0) return false
  const [from, at] = [startOf(main), startOf(other)]
  // Without steps only this is known: that both stand at once, and of two files not even that.
  if (from === null || at === null) {
    return [main, other].every(({ alert }) => alert.state === 'firing') && main.alert.file === other.alert.file
  }
  if (at <= from) return standsAt(other, from)
  const records = (at - from) / stepsApart([main.worst.trend, other.worst.trend])
  return records <= RECORDS_APART && standsAt(main, at)
}

function standsAt({ alert }: Incident, step: number): boolean {
  return alert.state === 'firing' || (alert.resolvedStep !== null && step < alert.resolvedStep)
}

/** The alert of a failure with more than one sign. */
function whole(failure: Failure): Alert {
  const first = failure[0]!
  const main = gravest(failure)
  // What came later is no reason.
  const surest = failure
    .filter((sign) => byStart(sign, main) <= 0)
    .reduce((best, sign) => (sureness(sign.alert) > sureness(best.alert) ? sign : best), main)
  return {
    ...main.alert,
    ...ending(failure),
    id: first.alert.id,
    detectedAt: first.alert.detectedAt,
    backfill: first.alert.backfill && main.alert.backfill,
    ...textOf(first, main, surest),
    cause: surest.alert.cause,
    signs: failure.map(signOf),
    partOf: null,
  }
}

/** The headline of the gravest sign, what came first, and the explanation that is surest. */
function textOf(first: Incident, main: Incident, surest: Incident): AlertText {
  const { headline } = main.alert
  if (surest !== main) {
    const { alert } = surest
    const link = byStart(surest, main) < 0 ? 'It began before' : 'With it came this'
    return { headline, firstSign: sentences(`${link}: ${alert.headline}`, alert.firstSign), why: alert.why }
  }
  const { rule, at } = beginOf(first).finding
  const isElsewhere = first !== main && at.step !== null && at.step !== main.alert.step
  if (!isElsewhere) return { headline, firstSign: main.alert.firstSign, why: main.alert.why }
  const sign = `The first sign was at step ${at.step}: ${rule}, ${at.metric} at ${short(at.value)}.`
  return { headline, firstSign: sentences(sign, main.alert.firstSign), why: main.alert.why }
}

function sentences(one: string, other: string | null): string {
  return other === null ? one : `${one} ${other}`
}

/** A failure is over with the last of its signs. */
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

function isOfLoss({ alert: { rule, role } }: Incident): boolean {
  return SIGNS.includes(rule) && (OF_PREDICTIONS.includes(rule) || ROLES.includes(role))
}

/** By severity, then by how much the rule says, then by where they began. */
function byGravity(one: Incident, other: Incident): number {
  return (
    bySeverity(one.alert.severity, other.alert.severity) ||
    SIGNS.indexOf(one.alert.rule) - SIGNS.indexOf(other.alert.rule) ||
    byStart(one, other) ||
    (one.alert.id < other.alert.id ? -1 : 1)
  )
}

function byBegin(one: Incident, other: Incident): number {
  return byStart(one, other) || byGravity(one, other)
}

function byStart(one: Incident, other: Incident): number {
  const [a, b] = [beginOf(one).finding.at, beginOf(other).finding.at]
  return (a.step ?? a.offset ?? 0) - (b.step ?? b.offset ?? 0)
}

function beginOf({ first, worst }: Incident) {
  return first ?? worst
}

function startOf(incident: Incident): number | null {
  return beginOf(incident).finding.at.step
}

/** How many steps lie between two losses of a log: more than one where it does not log each. */
function stepsApart(trends: readonly Trend[]): number {
  return Math.max(
    1,
    ...trends.map(({ loss }) => {
      const steps = new Set(loss.map(({ step }) => step).filter((step) => step !== null))
      return steps.size < 2 ? 1 : (Math.max(...steps) - Math.min(...steps)) / (steps.size - 1)
    }),
  )
}
