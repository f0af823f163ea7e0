import type { Alert } from '../../protocol/alert.ts'
import type { FindingInContext } from '../diagnose/finding-in-context.ts'

/** What one rule sees: its alert by itself, with what is needed to update it. `failure.ts` puts those of one failure together. */
export type Incident = {
  readonly alert: Alert
  /** The finding that the alert reports: the worst one. */
  readonly worst: FindingInContext
  /** The finding that it began with, often a step or two before the one that hurts; null where that is the worst. */
  readonly first: FindingInContext | null
  /** Why it turned out to be harmless, in a sentence; not there where it did not. It ends the alert's `why`. */
  readonly calledOff?: string
  /** How many incidents of this rule began at the same step before: a log may repeat its steps. */
  readonly repeat: number
  /** The series that show it now; it is over when none is left. */
  readonly seenBy: readonly { readonly file: string; readonly metric: string }[]
}

/** The incidents of one run. */
export type Incidents = {
  readonly open: readonly Incident[]
  /** The newest resolved ones: a second file of the run may report the same thing later, or explain it. */
  readonly closed: readonly Incident[]
  /** The newest alerts of spikes that are over and not remembered as incidents: a spike of another run may still explain them. */
  readonly pastSpikes?: readonly Alert[]
}

export interface Transition {
  readonly kind: 'firing' | 'updated' | 'resolved'
  readonly alert: Alert
  /** Whether a person should hear of it: it opened, got worse, got its cause, or ended. */
  readonly isNews: boolean
}

export interface Changed {
  readonly incidents: Incidents
  readonly transitions: readonly Transition[]
}

export const NO_INCIDENTS: Incidents = { open: [], closed: [] }
