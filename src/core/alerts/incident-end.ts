import type { Alert } from '../../protocol/alert.ts'
import { crashed } from '../detect/crashed.ts'
import { asHarmless, type Clear, headlineOf } from '../detect/finding.ts'
import type { Diagnosis } from '../diagnose/diagnose.ts'
import type { Incident } from './incident.ts'

/** Whether it is the crash of a rank or a launcher that logs no losses, and cannot show by itself that the job began again. */
export function isWithoutRecords({ alert }: Pick<Incident, 'alert'>): boolean {
  return alert.rule === crashed.name && alert.role === 'other'
}

/**
 * Why an incident was harmless, as a finding says of what gave its headline, or one before it did: that a gradient norm
 * did no harm says nothing of a loss that is told in the same alert.
 */
export function harmlessBy({ rule, at, calledOff }: Clear, incident: Incident): Pick<Incident, 'calledOff'> {
  const isOfWorst = rule === crashed.name || at.metric === incident.worst.finding.at.metric
  const told = isOfWorst ? calledOff : incident.calledOff
  return told === undefined ? {} : { calledOff: told }
}

/** An incident as a finding has ended it. */
export function endedBy(
  finding: Clear,
  incident: Incident,
  place: { readonly file: string; readonly nowIso: string },
): Incident {
  const { ended, at } = finding
  const { calledOff } = harmlessBy(finding, incident)
  const remark = calledOff ?? (incident.alert.severity === 'info' ? ended : undefined)
  const { worst } = incident
  const told = calledOff === undefined ? worst : { ...worst, finding: asHarmless(worst.finding) }
  const alert: Alert = {
    ...withRemark(incident.alert, remark),
    ...(calledOff !== undefined && { headline: headlineOf(told.finding) }),
    severity: calledOff === undefined ? incident.alert.severity : 'info',
    state: 'resolved',
    resolvedAt: place.nowIso,
    resolvedStep: at.step,
  }
  // An offset in another file says nothing about this one.
  const isOffsetOwn = at.offset !== null && place.file === incident.alert.file
  return {
    ...incident,
    alert,
    worst: told,
    seenBy: [],
    ...(remark === undefined ? {} : { calledOff: remark }),
    ...(isOffsetOwn ? { resolvedOffset: at.offset } : {}),
  }
}

/** Whether an incident is over for nothing but that another crash was: the job seemed to begin again. */
export function isOverWith({ alert, calledOff }: Incident, other: Alert): boolean {
  const isAtOnce = alert.resolvedAt === other.resolvedAt && alert.resolvedStep === other.resolvedStep
  return isAtOnce && calledOff === undefined && isWithoutRecords({ alert })
}

/** The incident of a crash that seemed to be over, and was not. */
export function standingAgain({ resolvedOffset: _, ...incident }: Incident): Incident {
  const { file, finding } = incident.worst
  const alert: Alert = { ...incident.alert, state: 'firing', resolvedAt: null, resolvedStep: null }
  return { ...incident, alert, seenBy: [{ file, metric: finding.at.metric }] }
}

/** The diagnosis with the sentence that says how the incident ended, where there is one. */
export function withRemark<Of extends Diagnosis>(diagnosis: Of, remark: string | undefined): Of {
  return remark === undefined ? diagnosis : { ...diagnosis, why: `${diagnosis.why} ${remark}`.trim() }
}
