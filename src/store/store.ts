import type { Outbox } from '../core/alerts/outbox.ts'
import type { BatchMeasure } from '../core/measure/prediction-batch.ts'
import type { Commit, FollowedFile } from '../core/pipeline/commit.ts'
import type { Cursor } from '../core/reading/cursor.ts'
import type { SavedRun } from '../core/state/saved-run.ts'
import type { Alert } from '../protocol/alert.ts'
import type { RunSummary, SeriesInfo } from '../protocol/run.ts'
import type { MetricValue } from '../protocol/value.ts'
import type { Entry, EnvelopeAnswer, Gap, Reject, SamplesAnswer, Seq } from '../protocol/wire.ts'

/**
 * The write side. A commit is a value and not a callback: some databases run a
 * transaction synchronously and others do not, and all of them can take a value.
 */
export interface Store {
  /** Applies it whole or not at all, and returns the newest entry's number. Throws a StoreError. */
  commit(commit: Commit): Promise<Seq>
  /** Everything needed to read on where the last daemon stopped. */
  resumption(): Promise<Resumption>
  /** Notes where this daemon serves, for the commands that ask it. */
  announce(address: DaemonAddress): Promise<void>
  /** Removes a run with all that was read from it; its files are not read again. Its entries stay. */
  forget(run: string): Promise<void>
  outbox: Outbox
  close(): Promise<void>
}

export interface Resumption {
  readonly scannedRoots: ReadonlySet<string>
  readonly files: readonly FollowedFile[]
  /** Files that ended and whose path is another's since, the oldest first. */
  readonly pastFiles: readonly FollowedFile[]
  readonly runs: readonly SavedRun[]
  readonly forgotten: readonly ForgottenFile[]
}

/** A file of a run that the user had forgotten, and how far it had been read. */
export interface ForgottenFile {
  readonly path: string
  readonly cursor: Cursor | null
}

export interface DaemonAddress {
  readonly url: string
  readonly pid: number
  readonly startedAt: string
}

export interface StoredBatch {
  readonly step: number | null
  readonly attempt: number
  readonly measure: BatchMeasure
  readonly reportedLoss: MetricValue | null
}

export interface AlertFilter {
  readonly run?: string
  readonly state?: 'firing' | 'resolved'
  /** Those too that are part of another alert, which lists them. */
  readonly withParts?: boolean
}

/** The read side: what pages and commands ask. It sees only what was committed, and each answer is of one moment. */
export interface Reader {
  /** Random; made when the store was. Sequence numbers count within it. */
  epoch(): Promise<string>
  head(): Promise<Seq>
  /** Where the last daemon on this store served; it may be gone. */
  daemon(): Promise<DaemonAddress | null>
  /** Entries with a larger number, in order, at most `limit`. */
  entriesAfter(seq: Seq, limit: number): Promise<Entry[]>
  /** The run that was written last comes first. */
  runs(): Promise<RunSummary[]>
  /** The newest comes first. */
  alerts(filter: AlertFilter): Promise<Alert[]>
  series(run?: string): Promise<SeriesInfo[]>
  samples(seriesId: number, after: number, limit: number): Promise<SamplesAnswer | null>
  envelope(seriesId: number, buckets: number): Promise<EnvelopeAnswer | null>
  /** The measured batches of a file up to this step, or all for null: the last `limit` of them, in order of reading. */
  batches(file: string, untilStep: number | null, limit: number): Promise<StoredBatch[]>
  /** The newest comes first. */
  rejects(run: string, limit: number): Promise<Reject[]>
  gaps(run: string): Promise<(Gap & { readonly at: string })[]>
  /**
   * Lets `read` ask several things of one moment: what is committed meanwhile
   * does not show. For a few short reads, because the store keeps what the view
   * sees until `read` is done.
   */
  snapshot<T>(read: (view: Reader) => Promise<T>): Promise<T>
  close(): Promise<void>
}
