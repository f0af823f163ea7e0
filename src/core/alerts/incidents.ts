import type { Alert, Severity } from '../../protocol/alert.ts'
import type { Finding, Sighting } from '../detect/detector.ts'
import { diagnose } from '../diagnose/diagnose.ts'
import type { BatchEvidence, Context, Raise, Trend } from '../diagnose/diagnosis.ts'
import { alertId } from './alert-id.ts'

/** An alert with what is needed to update it: who still sees it, and the finding that it reports. */
export type Incident = {
  readonly alert: Alert
  readonly finding: Raise
  readonly trend: Trend
  /** The series that show it now, as `file` NUL `metric`; it is over when none is left. */
  readonly seenBy: readonly string[]
}

/** The incidents of one run. */
export type Incidents = {
  readonly open: readonly Incident[]
  /** The newest resolved ones: a second file of the run may report the same thing later. */
  readonly closed: readonly Alert[]
}

export interface Transition {
  readonly kind: 'firing' | 'updated' | 'resolved'
  readonly alert: Alert
  /** Whether a person should hear of it: it opened, got worse, got its cause, or ended. */
  readonly isNews: boolean
}

/** Where a finding was made, and when. */
export interface Place {
  readonly run: string
  readonly file: string
  readonly nowIso: string
  readonly backfill: boolean
}

export interface Changed {
  readonly incidents: Incidents
  readonly transitions: readonly Transition[]
}

export const NO_INCIDENTS: Incidents = { open: [], closed: [] }

const CLOSED_KEPT = 16
const RELATED_KEPT = 16
const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 }

/**
 * Folds one finding into the incidents of its run.
 *
 * One rule has at most one open incident in a run: other metrics and files that
 * show the same thing join it, and the worst of them gives it its headline.
 */
export function applyFinding(incidents: Incidents, finding: Finding, context: Context, place: Place): Changed {
  return finding.kind === 'clear' ? clear(incidents, finding, place) : raise(incidents, finding, context, place)
}

/** Explains open incidents again after the predictions of a batch came in. */
export function explainAgain(incidents: Incidents, batchOf: (finding: Raise) => BatchEvidence | null): Changed {
  const transitions: Transition[] = []
  const open = incidents.open.map((incident) => {
    const batch = batchOf(incident.finding)
    if (batch === null) return incident
    const diagnosis = diagnose(incident.finding, { trend: incident.trend, batch })
    if (diagnosis.message === incident.alert.message) return incident
    const alert: Alert = { ...incident.alert, ...diagnosis }
    transitions.push({ kind: 'updated', alert, isNews: !alert.backfill })
    return { ...incident, alert }
  })
  return { incidents: { ...incidents, open }, transitions }
}

function raise(incidents: Incidents, finding: Raise, context: Context, place: Place): Changed {
  const member = memberKey(place.file, finding.at)
  const incident = incidents.open.find(({ alert }) => alert.rule === finding.rule)
  if (incident === undefined) {
    if (incidents.closed.some((alert) => covers(alert, finding))) return { incidents, transitions: [] }
    const opened = open(finding, context, place)
    return {
      incidents: {
        ...incidents,
        open: [...incidents.open, { alert: opened, finding, trend: context.trend, seenBy: [member] }],
      },
      transitions: [{ kind: 'firing', alert: opened, isNews: !opened.backfill }],
    }
  }

  const worse = RANK[finding.severity] > RANK[incident.alert.severity]
  const joined = { ...incident.alert, related: withRelated(incident.alert, finding.at, place.file) }
  const alert: Alert = worse ? { ...joined, ...headline(finding, place), ...diagnose(finding, context) } : joined
  const next: Incident = {
    alert,
    finding: worse ? finding : incident.finding,
    trend: worse ? context.trend : incident.trend,
    seenBy: incident.seenBy.includes(member) ? incident.seenBy : [...incident.seenBy, member],
  }
  const changed = worse || alert.related.length > incident.alert.related.length
  return {
    incidents: replaced(incidents, incident, next),
    transitions: changed ? [{ kind: 'updated', alert, isNews: worse && !place.backfill }] : [],
  }
}

function clear(incidents: Incidents, finding: Extract<Finding, { kind: 'clear' }>, place: Place): Changed {
  const incident = incidents.open.find(({ alert }) => alert.rule === finding.rule)
  if (incident === undefined) return { incidents, transitions: [] }
  const member = memberKey(place.file, finding.at)
  const seenBy = incident.seenBy.filter((key) => key !== member)
  if (seenBy.length > 0) return { incidents: replaced(incidents, incident, { ...incident, seenBy }), transitions: [] }

  const alert: Alert = {
    ...incident.alert,
    state: 'resolved',
    resolvedAt: place.nowIso,
    resolvedStep: finding.at.step,
  }
  return {
    incidents: {
      open: incidents.open.filter((other) => other !== incident),
      closed: [...incidents.closed, alert].slice(-CLOSED_KEPT),
    },
    transitions: [{ kind: 'resolved', alert, isNews: !place.backfill }],
  }
}

function open(finding: Raise, context: Context, place: Place): Alert {
  const { rule, at } = finding
  return {
    // Without a step the place in the file tells incidents apart.
    id: alertId(place.run, rule, at.attempt, ...(at.step === null ? [place.file, at.offset] : [at.step])),
    run: place.run,
    rule,
    state: 'firing',
    ...headline(finding, place),
    detectedAt: place.nowIso,
    resolvedAt: null,
    resolvedStep: null,
    ...diagnose(finding, context),
    related: [],
    backfill: place.backfill,
  }
}

function headline(finding: Raise, place: Place) {
  const { metric, role, step, attempt, offset, value, time } = finding.at
  return { severity: finding.severity, metric, role, step, attempt, offset, value, time, file: place.file }
}

function withRelated(alert: Alert, at: Sighting, file: string): Alert['related'] {
  const isListed =
    (alert.file === file && alert.metric === at.metric) ||
    alert.related.some((other) => other.file === file && other.metric === at.metric)
  if (isListed || alert.related.length >= RELATED_KEPT) return alert.related
  return [...alert.related, { file, metric: at.metric, step: at.step }]
}

/** Whether a resolved incident already reported this: the same attempt, within its steps. */
function covers(alert: Alert, { rule, at }: Raise): boolean {
  return (
    alert.rule === rule &&
    alert.attempt === at.attempt &&
    at.step !== null &&
    alert.step !== null &&
    at.step >= alert.step &&
    (alert.resolvedStep === null || at.step < alert.resolvedStep)
  )
}

function replaced(incidents: Incidents, before: Incident, after: Incident): Incidents {
  return { ...incidents, open: incidents.open.map((incident) => (incident === before ? after : incident)) }
}

function memberKey(file: string, at: Sighting): string {
  return `${file}\u0000${at.metric}`
}
