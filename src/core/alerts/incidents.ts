import { type Alert, bySeverity, messageOf } from '../../protocol/alert.ts'
import { crashed } from '../detect/crashed.ts'
import { type Clear, type Finding, isCrashFinding, type Raise } from '../detect/finding.ts'
import type { Diagnosis } from '../diagnose/diagnose.ts'
import type { BatchEvidence, Trend } from '../diagnose/diagnosis.ts'
import {
  type BatchAt,
  explainWorst,
  type FindingInContext,
  isAbout,
  isExplained,
} from '../diagnose/finding-in-context.ts'
import { alertId } from './alert-id.ts'
import { asOne } from './as-one.ts'
import type { RankSeen } from './fall.ts'
import type { Changed, Incident, Incidents, Transition } from './incident.ts'
import { endedBy, harmlessBy, isOverWith, isWithoutRecords, standingAgain, withRemark } from './incident-end.ts'
import { isSameSeries, withRelated } from './related.ts'

const CRASHED = crashed.name

/** The run and file in which something was found, and when. */
export interface FindingPlace {
  readonly run: string
  readonly file: string
  readonly nowIso: string
  readonly backfill: boolean
}

/** The most crashes of a run that are an incident each. */
const MOST_CRASHES = 64
/** The most ranks of a run whose steps are kept. */
const MOST_RANKS = 1024

/**
 * Folds one finding into the incidents of its run.
 *
 * One rule has at most one open incident in a run, and `crashed` one for each rank or file. Other metrics and files that
 * show the same join it, and the worst of them gives it its headline. Incidents
 * that are signs of one failure become one alert.
 */
export function applyFinding(
  incidents: Incidents,
  finding: Finding,
  trend: Trend,
  batchAt: BatchAt,
  place: FindingPlace,
): Changed {
  return asOne(
    incidents,
    finding.kind === 'clear' ? clear(incidents, finding, place) : raise(incidents, finding, trend, batchAt, place),
  )
}

/** The incidents with how far the ranks of a file have come. That may show which one of a run that died fell first. */
export function withRanks(incidents: Incidents, seen: readonly RankSeen[]): Changed {
  const { ranks = [] } = incidents
  const isSame = (one: RankSeen, other: RankSeen) => one.rank === other.rank && one.file === other.file
  const isNew = (one: RankSeen) => !ranks.some((other) => isSame(one, other) && one.step === other.step)
  const news = seen.filter(isNew)
  if (news.length === 0) return { incidents, transitions: [] }
  const kept = ranks.filter((one) => !news.some((other) => isSame(one, other)))
  return asOne(incidents, {
    incidents: { ...incidents, ranks: [...kept, ...news].slice(-MOST_RANKS) },
    transitions: [],
  })
}

/**
 * Explains incidents again with a batch of predictions that was read after them.
 *
 * These are the incidents that began or got worse at the step of the batch,
 * resolved ones included.
 */
export function explainAgain(incidents: Incidents, arrived: BatchEvidence, batchAt: BatchAt): Changed {
  const transitions: Transition[] = []
  const again = (incident: Incident): Incident => {
    const { first, worst } = incident
    if (!isAbout(worst, arrived) && (first === null || !isAbout(first, arrived))) return incident
    const diagnosis = withRemark(explainWorst(first, worst, batchAt), incident.calledOff)
    // The batch that explained this alert may no longer be remembered. What it explained stays.
    if (isFromAnother(incident.alert, arrived) && !isExplained(diagnosis)) return incident
    if (isSameText(diagnosis, incident.alert)) return incident
    const alert: Alert = { ...incident.alert, ...diagnosis }
    transitions.push({ kind: 'updated', alert, isNews: !alert.backfill })
    return { ...incident, alert }
  }
  const explained = { ...incidents, open: incidents.open.map(again), closed: incidents.closed.map(again) }
  return asOne(incidents, { incidents: explained, transitions })
}

function isSameText(one: Diagnosis, other: Diagnosis): boolean {
  return messageOf(one) === messageOf(other)
}

/** Whether the cause of the alert was found in predictions of another file than that of this batch. */
function isFromAnother(alert: Alert, { file }: BatchEvidence): boolean {
  const { cause } = alert
  if (cause === null || !isExplained(alert)) return false
  return cause.evidence.some(({ name, value }) => name === 'predictions' && value !== file)
}

/**
 * The incidents with an alert of one of them as it is explained now.
 *
 * Of one that is over nobody is told again: the alert of the other run says the same.
 */
export function withAlert(incidents: Incidents, alert: Alert): Changed {
  const { pastSpikes = [] } = incidents
  if (pastSpikes.some(({ id }) => id === alert.id)) {
    const explained = pastSpikes.map((past) => (past.id === alert.id ? alert : past))
    const quiet = alert.severity === 'info' ? ({ isQuiet: true } as const) : {}
    const transitions: Transition[] = [{ kind: 'updated', alert, isNews: false, ...quiet }]
    return { incidents: { ...incidents, pastSpikes: explained }, transitions }
  }
  const replace = (incident: Incident) => (incident.alert.id === alert.id ? { ...incident, alert } : incident)
  const explained = { ...incidents, open: incidents.open.map(replace), closed: incidents.closed.map(replace) }
  const transitions: Transition[] = [{ kind: 'updated', alert, isNews: !alert.backfill }]
  const changed = asOne(incidents, { incidents: explained, transitions })
  const isOpen = ({ alert: { state } }: Transition) => state === 'firing'
  return { ...changed, transitions: changed.transitions.map((one) => ({ ...one, isNews: one.isNews && isOpen(one) })) }
}

function raise(incidents: Incidents, finding: Raise, trend: Trend, batchAt: BatchAt, place: FindingPlace): Changed {
  const member = { file: place.file, metric: finding.at.metric }
  const found: FindingInContext = { finding, trend, file: place.file }
  const takenBack = incidents.closed.find(
    (closed) => isOfSame(closed, finding, place) && isSameCrash(closed.worst.finding, finding),
  )
  if (takenBack !== undefined) return reopened(incidents, takenBack, found, batchAt, place)
  const standing = incidents.open.filter(({ alert }) => alert.rule === finding.rule)
  const incident =
    incidents.closed.find((closed) => covers(closed, finding) && isOfSame(closed, finding, place)) ??
    standing.find((open) => isOfSame(open, finding, place)) ??
    (standing.length < MOST_CRASHES ? undefined : standing[0])
  if (incident === undefined) {
    const repeat = repeatOf(incidents, finding)
    const alert = opened(incidents.open, finding, repeat, explainWorst(null, found, batchAt), place)
    const next: Incident = { alert, worst: found, first: null, repeat, seenBy: [member] }
    return {
      incidents: { ...incidents, open: [...incidents.open, next] },
      transitions: [{ kind: 'firing', alert, isNews: !alert.backfill }],
    }
  }

  const isWorse =
    finding.lowers === true ||
    bySeverity(finding.severity, incident.alert.severity) < 0 ||
    saysWhy(incident, found, batchAt)
  const leads = !isWorse && comesBefore(found, incident.worst)
  const isSharper = isCrashFinding(finding) && finding.facts.crash.isSharper === true
  const first = isWorse && !isSharper ? firstOf(incident) : incident.first
  const isToldMore = isSameCrash(incident.worst.finding, finding)
  const alert =
    isWorse || leads
      ? promoted(incident.alert, finding, explainWorst(first, found, batchAt), place)
      : { ...incident.alert, related: withRelated(incident.alert, { ...finding.at, file: place.file }) }
  const { calledOff: _, ...toldAnew } = incident
  const next: Incident = {
    ...(incident.alert.state === 'firing' ? toldAnew : incident),
    alert,
    ...(isWorse || leads ? { worst: found, first } : {}),
    ...(isToldMore ? { worst: found } : {}),
    seenBy: incident.seenBy.some((seen) => isSameSeries(seen, member)) ? incident.seenBy : [...incident.seenBy, member],
  }
  const isChanged =
    isWorse || leads || isToldMore || alert.related.some((series) => !incident.alert.related.includes(series))
  return {
    incidents: replaced(incidents, incident, next),
    transitions: isChanged ? [{ kind: 'updated', alert, isNews: isWorse && !place.backfill }] : [],
  }
}

/** The incidents with a crash that seemed to be over, and was not, and those that were taken to be over with it. */
function reopened(
  incidents: Incidents,
  closed: Incident,
  found: FindingInContext,
  batchAt: BatchAt,
  place: FindingPlace,
): Changed {
  const { calledOff: _, ...before } = closed
  const told = promoted(closed.alert, found.finding, explainWorst(closed.first, found, batchAt), place)
  const others = incidents.closed.filter((each) => each !== closed && isOverWith(each, closed.alert))
  const again = [{ ...before, alert: told, worst: found }, ...others].map(standingAgain)
  return {
    incidents: {
      ...incidents,
      open: [...incidents.open, ...again],
      closed: incidents.closed.filter((each) => each !== closed && !others.includes(each)),
    },
    transitions: again.map(({ alert }) => ({ kind: 'firing', alert, isNews: !alert.backfill })),
  }
}

/**
 * Whether a finding gives the headline in place of one that is as severe and stands at the same step.
 *
 * The name of the file decides: the file that was read first must not, or the
 * headline would depend on the order of reading.
 */
function comesBefore(found: FindingInContext, worst: FindingInContext): boolean {
  const [one, other] = [found.finding, worst.finding]
  const isAlike =
    one.severity === other.severity && one.at.attempt === other.at.attempt && one.at.step === other.at.step
  return isAlike && one.at.step !== null && found.file < worst.file
}

/** Whether a crash says what it was where the incident, which is as severe, only knows that something failed, or a wrapper. */
function saysWhy({ alert }: Incident, found: FindingInContext, batchAt: BatchAt): boolean {
  const { finding } = found
  if (!isCrashFinding(finding) || finding.severity !== alert.severity) return false
  if (finding.facts.crash.isSharper === true) return true
  return !isExplained(alert) && isExplained(explainWorst(null, found, batchAt))
}

/** Whether an incident is of the rank or file that a finding is of. Only crashes are told apart by them. */
function isOfSame({ alert, worst }: Incident, { rule, at }: Finding, place: FindingPlace): boolean {
  if (alert.rule !== rule) return false
  return rule !== CRASHED || (worst.file === place.file && worst.finding.at.rank === at.rank)
}

/** Whether the finding is a crash that is known, of which a launcher now tells more. */
function isSameCrash(known: Raise, { rule, at }: Raise): boolean {
  return rule === CRASHED && known.rule === rule && known.at.offset === at.offset && known.at.rank === at.rank
}

function firstOf({ first, worst }: Incident): FindingInContext {
  return first ?? worst
}

function clear(incidents: Incidents, finding: Clear, place: FindingPlace): Changed {
  const incident = incidents.open.find((open) => isOfSame(open, finding, place))
  if (incident === undefined) return { incidents, transitions: [] }
  const member = { file: place.file, metric: finding.at.metric }
  const seenBy = finding.rule === CRASHED ? [] : incident.seenBy.filter((seen) => !isSameSeries(seen, member))
  if (seenBy.length > 0) {
    const next = { ...incident, seenBy, ...harmlessBy(finding, incident) }
    return { incidents: replaced(incidents, incident, next), transitions: [] }
  }

  const isRestart = finding.rule === CRASHED && finding.calledOff === undefined
  const others = isRestart ? incidents.open.filter((open) => open !== incident && isWithoutRecords(open)) : []
  const over = [incident, ...others]
  const ended = over.map((each) => endedBy(finding, each, place))
  return {
    incidents: {
      ...incidents,
      open: incidents.open.filter((other) => !over.includes(other)),
      closed: [...incidents.closed, ...ended],
    },
    // An end is announced only if the beginning was.
    transitions: ended.map(({ alert }) => ({ kind: 'resolved', alert, isNews: !alert.backfill })),
  }
}

function repeatOf({ closed }: Incidents, { rule, at }: Raise): number {
  const before = closed.findLast(
    (one) => one.alert.rule === rule && one.alert.attempt === at.attempt && firstOf(one).finding.at.step === at.step,
  )
  return before === undefined ? 0 : before.repeat + 1
}

function opened(
  open: readonly Incident[],
  finding: Raise,
  repeat: number,
  diagnosis: Diagnosis,
  place: FindingPlace,
): Alert {
  const { rule, at } = finding
  // The step identifies the begin whichever file of the run is read first. A log without steps only has byte offsets.
  const where = [...(at.step === null ? [place.file, at.offset] : [at.step]), ...whose(finding)]
  const id = (...parts: readonly (string | number | null)[]) => alertId(place.run, rule, at.attempt, ...parts, repeat)
  // Two files without ranks may tell of a death at one step.
  const isTaken = open.some(({ alert }) => alert.id === id(...where))
  return {
    id: isTaken ? id(...where, place.file) : id(...where),
    run: place.run,
    rule,
    state: 'firing',
    ...headline(finding, place),
    detectedAt: place.nowIso,
    resolvedAt: null,
    resolvedStep: null,
    ...diagnosis,
    signs: [],
    partOf: null,
    related: [],
    backfill: place.backfill,
  }
}

/** The rank that died, which is a part of the id of its alert. */
function whose(finding: Raise): readonly number[] {
  const rank = isCrashFinding(finding) ? finding.facts.crash.rank : undefined
  return rank === undefined ? [] : [rank]
}

/** The alert with another finding for its headline. What it reported before is listed among its related series. */
function promoted(alert: Alert, finding: Raise, diagnosis: Diagnosis, place: FindingPlace): Alert {
  const worse: Alert = {
    ...alert,
    ...headline(finding, place),
    ...diagnosis,
    related: alert.related.filter((other) => !isSameSeries(other, { ...finding.at, file: place.file })),
    backfill: alert.backfill && place.backfill,
  }
  return { ...worse, related: withRelated(worse, alert) }
}

function headline(finding: Raise, place: FindingPlace) {
  const { metric, role, step, attempt, offset, value, time } = finding.at
  return { severity: finding.severity, metric, role, step, attempt, offset, value, time, file: place.file }
}

/** Whether a finding reports a resolved incident once more: in the same attempt, and within the steps in which it stood. */
function covers(incident: Incident, { rule, at }: Raise): boolean {
  const { alert } = incident
  const firstStep = firstOf(incident).finding.at.step
  if (alert.rule !== rule || alert.attempt !== at.attempt) return false
  if (at.step === null || firstStep === null || alert.resolvedStep === null) return false
  return at.step >= firstStep && at.step < alert.resolvedStep
}

function replaced(incidents: Incidents, before: Incident, after: Incident): Incidents {
  const replace = (incident: Incident) => (incident === before ? after : incident)
  return { ...incidents, open: incidents.open.map(replace), closed: incidents.closed.map(replace) }
}
