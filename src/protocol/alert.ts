import type { Role } from './sample.ts'
import type { MetricValue } from './value.ts'

/** The most severe first. critical: the run is dead or dying. warning: look in the morning. info: noted. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Sorts the most severe first: below 0 where `one` is more severe than `other`. */
export function bySeverity(one: Severity, other: Severity): number {
  return SEVERITIES.indexOf(one) - SEVERITIES.indexOf(other)
}

/**
 * The name of a rule: one that docs/detectors.md lists, or one that the user gave to a rule of their own. Both are
 * lower-case words joined by hyphens.
 */
export type RuleName = string

export type Confidence = 'proven' | 'strong' | 'likely' | 'weak'

export interface Evidence {
  readonly name: string
  readonly value: string | number | boolean | readonly number[]
}

/** A cause that may be the one, and how to find out. */
export interface CauseChoice {
  readonly code: string
  readonly title: string
  /** What shows that it is this one, and none of the others. */
  readonly confirm: string
}

/** Why it happened, how sure that is, and what to change. */
export type Cause =
  | {
      readonly code: string
      readonly confidence: Confidence
      readonly evidence: readonly Evidence[]
      readonly fix: string
    }
  | {
      /** Several causes fit equally well, or none is known. */
      readonly code: null
      readonly candidates: readonly string[]
      /** The candidates for people. Not in alerts of an earlier version. */
      readonly choices?: readonly CauseChoice[]
      readonly evidence: readonly Evidence[]
    }

export type AlertState = 'firing' | 'resolved'

/** What one rule saw of a failure, and where that began. */
export interface AlertSign {
  /** The id of that rule's own alert: the one that lists this sign, or one that is part of it. */
  readonly id: string
  readonly rule: RuleName
  readonly severity: Severity
  readonly file: string
  readonly metric: string
  readonly step: number | null
}

/** Another metric or file that shows the same incident. */
export interface RelatedSeries {
  readonly file: string
  readonly metric: string
  readonly step: number | null
  /** The run, where it is another one: it died with this one, and after it. */
  readonly run?: string
}

/** One incident of one run: it opens, is updated and resolves. */
export interface Alert {
  /** The same whenever the same bytes are read: a hash of run, rule and where it began. */
  readonly id: string
  readonly run: string
  readonly rule: RuleName
  readonly state: AlertState
  readonly severity: Severity
  readonly metric: string
  readonly role: Role
  readonly step: number | null
  readonly attempt: number
  /** The file, as named relative to the root that it was found under. */
  readonly file: string
  readonly offset: number | null
  readonly value: MetricValue
  /** When the log says it happened, ISO 8601; null when the log does not say. */
  readonly time: string | null
  /** When nanwatch saw it, ISO 8601. */
  readonly detectedAt: string
  readonly resolvedAt: string | null
  readonly resolvedStep: number | null
  /** One sentence: what happened, and where. */
  readonly headline: string
  /** What came before it, in a sentence or two, where something did. */
  readonly firstSign: string | null
  /** Why it happened, in a few sentences. What to change stands in the cause. */
  readonly why: string
  readonly cause: Cause | null
  /** What each rule saw, where several rules saw one failure, in the order of steps; else empty. */
  readonly signs: readonly AlertSign[]
  /** The id of the alert that lists this one among its signs, and is shown in its place; null where there is none. */
  readonly partOf: string | null
  /** Other metrics and files that show the same incident. */
  readonly related: readonly RelatedSeries[]
  /** True when it was found in bytes that were old when nanwatch first saw the file. */
  readonly backfill: boolean
}

/** The words of an alert, each part by itself. Programs put them together, and none takes a text apart. */
export type AlertText = Pick<Alert, 'headline' | 'firstSign' | 'why'>

/** An alert as it leaves the program: with all that it says in one text, too. */
export interface PublishedAlert extends Alert {
  /** What happened, what came first, why, and what to change. */
  readonly message: string
}

/** The text of an alert: what happened, what came first, why, and what to change, or what it may be. */
export function messageOf({ cause, ...alert }: AlertText & Pick<Alert, 'cause'>): string {
  return joined(storyOf(alert), cause === null ? '' : cause.code === null ? candidatesText(cause) : cause.fix)
}

/** The causes that may be the one, by their titles: "It may be: a bad batch (R25-bad-batch)." */
function candidatesText({ choices = [] }: Extract<Cause, { code: null }>): string {
  const names = choices.map(({ code, title }) => `${title.charAt(0).toLowerCase()}${title.slice(1)} (${code})`)
  return names.length === 0 ? '' : `It may be: ${names.join('; ')}.`
}

/** The same without what to change. */
export function storyOf({ headline, firstSign, why }: AlertText): string {
  return joined(headline, firstSign ?? '', why)
}

export function published(alert: Alert): PublishedAlert {
  return { ...alert, message: messageOf(alert) }
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
