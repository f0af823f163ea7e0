import type { Owed, OwedNotification } from '../../core/alerts/outbox.ts'
import type { FollowedFile, PlacedSample } from '../../core/pipeline/commit.ts'
import type { SavedRun } from '../../core/state/saved-run.ts'
import type { Alert } from '../../protocol/alert.ts'
import type { SeriesInfo } from '../../protocol/run.ts'
import type { Entry, Gap, Reject } from '../../protocol/wire.ts'
import type { DaemonAddress, ForgottenFile, StoredBatch } from '../store.ts'

/**
 * Everything that a store in memory holds, in the order in which it came.
 *
 * Committed contents are never changed: the next commit works on a copy.
 */
export interface Contents {
  daemon: DaemonAddress | null
  readonly roots: Set<string>
  /** By name. */
  readonly runs: Map<string, HeldRun>
  /** By path. */
  readonly files: Map<string, FollowedFile>
  pastFiles: FollowedFile[]
  /** By id. */
  readonly series: Map<number, HeldSeries>
  batches: HeldBatch[]
  rejects: Reject[]
  gaps: HeldGap[]
  /** By id. */
  readonly alerts: Map<string, Alert>
  readonly entries: Entry[]
  readonly notifications: HeldNotification[]
  /** By path. */
  readonly forgotten: Map<string, ForgottenFile>
  /** The largest id that any series has or had. */
  lastSeriesId: number
}

/** Holds the contents of a store. A change replaces them by others. */
export interface ContentsHolder {
  contents: Contents
}

export interface HeldRun extends SavedRun {
  readonly firstSeenAt: string
}

export interface HeldSeries {
  readonly info: SeriesInfo
  /** By ordinal. */
  readonly samples: readonly HeldSample[]
}

export type HeldSample = Pick<PlacedSample, 'ordinal' | 'attempt' | 'step' | 'value'>

export interface HeldBatch extends StoredBatch {
  readonly file: string
  readonly ordinal: number
}

export interface HeldGap extends Gap {
  readonly at: string
}

export interface HeldNotification extends Owed, OwedNotification {
  readonly isSettled: boolean
  readonly notBeforeMs: number
}

export function emptyContents(): Contents {
  return {
    daemon: null,
    roots: new Set(),
    runs: new Map(),
    files: new Map(),
    pastFiles: [],
    series: new Map(),
    batches: [],
    rejects: [],
    gaps: [],
    alerts: new Map(),
    entries: [],
    notifications: [],
    forgotten: new Map(),
    lastSeriesId: 0,
  }
}

/** A copy that can be changed without changing the original. The two share what a commit only replaces as a whole. */
export function copyOf(contents: Contents): Contents {
  return {
    ...contents,
    roots: new Set(contents.roots),
    runs: new Map(contents.runs),
    files: new Map(contents.files),
    pastFiles: [...contents.pastFiles],
    series: new Map(contents.series),
    batches: [...contents.batches],
    rejects: [...contents.rejects],
    gaps: [...contents.gaps],
    alerts: new Map(contents.alerts),
    entries: [...contents.entries],
    notifications: [...contents.notifications],
    forgotten: new Map(contents.forgotten),
  }
}
