import { type Alert, type PublishedAlert, published } from './alert.ts'
import type { RunStatus, RunSummary, SeriesInfo } from './run.ts'
import type { MetricValue } from './value.ts'

/** Number of a durable entry: rises by at least one with each, is never reused. */
export type Seq = number

export interface Gap {
  readonly run: string
  readonly file: string
  /** Where reading had stopped when the bytes after it went away. */
  readonly offset: number
  /** How many bytes could not be read, where that can be known. */
  readonly bytes: number | null
  readonly reason: string
}

export interface Reject {
  readonly run: string
  readonly file: string
  readonly offset: number
  readonly reason: string
  readonly detail: string
  /** The first 200 characters of the line. */
  readonly excerpt: string
}

/** What the store keeps for ever and every follower gets once, in order. */
export type EntryBody =
  /** An alert opened, changed or resolved; `isNews` where people should be notified. */
  | { readonly type: 'alert'; readonly alert: Alert; readonly isNews: boolean }
  /** A run came into a state. An entry of an earlier version says only which. */
  | ({ readonly type: 'run'; readonly run: string; readonly backfill: boolean } & Pick<RunStatus, 'state'> &
      Partial<RunStatus>)
  | { readonly type: 'gap'; readonly gap: Gap }

export type Entry = EntryBody & { readonly seq: Seq; readonly at: string }

/** An entry as it is sent: its alert with all of its text in one piece, too. */
export function publishedEntry(entry: Entry): Entry {
  return entry.type === 'alert' ? { ...entry, alert: published(entry.alert) } : entry
}

/** Sent by the client as its first message, within two seconds. */
export interface Hello {
  readonly type: 'hello'
  /** The epoch that `lastSeq` belongs to; null on a first visit. */
  readonly epoch: string | null
  readonly lastSeq: Seq
}

export type ServerMessage =
  /**
   * Answers hello. With `resumed`, the entries after the client's lastSeq
   * follow, each once and in order. Without, the client's history is of
   * another database: it drops what it has, and every entry follows.
   */
  | {
      readonly type: 'welcome'
      readonly epoch: string
      readonly head: Seq
      readonly resumed: boolean
      readonly version: string
    }
  | { readonly type: 'entries'; readonly entries: readonly Entry[]; readonly head: Seq }
  /** Runs whose samples grew: fetch what is new. Ephemeral, merged, at most a few a second. */
  | { readonly type: 'changed'; readonly runs: readonly string[] }
  /** Every five seconds; without one for twelve, the page is stale and says so. */
  | { readonly type: 'heartbeat'; readonly head: Seq; readonly now: string }

/** GET /api/runs */
export interface RunsAnswer {
  readonly runs: readonly RunSummary[]
}

/**
 * GET /api/alerts?run=…&state=firing|resolved: newest first. GET /api/alerts/<id>: that one and, where it has become a
 * part of another, the whole behind it.
 */
export interface AlertsAnswer {
  readonly alerts: readonly PublishedAlert[]
}

/** GET /api/series?run=… */
export interface SeriesAnswer {
  readonly series: readonly SeriesInfo[]
}

/**
 * GET /api/samples?series=ID&after=ORDINAL: at most `limit` (default 10,000)
 * samples with a larger ordinal, in order of reading. `after` is −1 for all.
 */
export interface SamplesAnswer {
  readonly series: SeriesInfo
  /** Columns of equal length. */
  readonly ordinal: readonly number[]
  readonly step: readonly (number | null)[]
  readonly attempt: readonly number[]
  readonly value: readonly MetricValue[]
  /** True when more follow the last one. */
  readonly more: boolean
}

/**
 * GET /api/envelope?series=ID&buckets=N: the whole series in at most N buckets
 * of neighbouring samples, and one more for each attempt that begins within one.
 * Each keeps its extremes, and the first NaN, Infinity and -Infinity in it is
 * listed beside them, so no zoom hides one.
 */
export interface EnvelopeAnswer {
  readonly series: SeriesInfo
  /** The first of each bucket. */
  readonly ordinal: readonly number[]
  /** All samples of a bucket belong to one. */
  readonly attempt: readonly number[]
  readonly fromStep: readonly (number | null)[]
  readonly toStep: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
  readonly lastOrdinal: number
  readonly nonFinite: readonly { readonly step: number | null; readonly ordinal: number; readonly value: MetricValue }[]
}

/** Every answer with a status of 400 or more. */
export interface ErrorAnswer {
  readonly error: string
  readonly hint?: string
}
