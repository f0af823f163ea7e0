import type { Alert } from '../../protocol/alert.ts'
import type { FindingInContext } from '../diagnose/finding-in-context.ts'
import type { RankSeen } from './fall.ts'

/**
 * What one rule has found, as an alert of its own, with what is needed to update that alert.
 *
 * `failure.ts` groups the incidents of one failure.
 */
export type Incident = {
  readonly alert: Alert
  /** The worst finding, which the alert reports. */
  readonly worst: FindingInContext
  /** The finding that it began with, often a step or two before the worst; null where the two are one. */
  readonly first: FindingInContext | null
  /** A sentence that says how it ended or why it was harmless, the last of the alert's `why`. Not there where nothing is to be said. */
  readonly calledOff?: string
  /** The byte at which it was over, where it is and the log has one. */
  readonly resolvedOffset?: number
  /** How many earlier incidents of this rule began at the same step. A log may repeat its steps. */
  readonly repeat: number
  /** The series that show it now. The incident is over when the list is empty. */
  readonly seenBy: readonly { readonly file: string; readonly metric: string }[]
}

/** The incidents of one run. */
export type Incidents = {
  readonly open: readonly Incident[]
  /** The newest resolved ones: a second file of the run may report the same thing later, or explain it. */
  readonly closed: readonly Incident[]
  /** The newest alerts of spikes that are no longer in `closed`: a spike of another run may still explain them. */
  readonly pastSpikes?: readonly Alert[]
  /** How far each rank of the run has come, where its logs name ranks. */
  readonly ranks?: readonly RankSeen[]
}

/** A change of one alert, and the alert after it. */
export interface Transition {
  readonly kind: 'firing' | 'updated' | 'resolved'
  readonly alert: Alert
  /** Whether people should be notified: the alert opened, got worse, got its cause, or ended. */
  readonly isNews: boolean
  /** The alert is only noted, and was never more than that: it is shown, and no sink is told. */
  readonly isQuiet?: true
}

/** The incidents of a run after a change, and what the change did to their alerts. */
export interface Changed {
  readonly incidents: Incidents
  readonly transitions: readonly Transition[]
}

export const NO_INCIDENTS: Incidents = { open: [], closed: [] }

/** The finding that an incident began with. */
export function beginOf({ first, worst }: Incident) {
  return first ?? worst
}

/** The step at which an incident began; null where its log gives none. */
export function startOf(incident: Incident): number | null {
  return beginOf(incident).finding.at.step
}

/** Whether an incident was not over at a step. */
export function standsAt({ alert }: Incident, step: number): boolean {
  return alert.state === 'firing' || (alert.resolvedStep !== null && step < alert.resolvedStep)
}
