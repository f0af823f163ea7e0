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
 * The write side of a store.
 *
 * A commit is a value and not a callback. Some databases run transactions
 * synchronously and others do not, but each of them can take a value.
 */
export interface Store {
  /** Applies a commit as a whole or not at all. Returns the number of the newest entry. Throws a StoreError. */
  commit(commit: Commit): Promise<Seq>
  /** Everything that is needed to go on where the last daemon stopped. */
  resumption(): Promise<Resumption>
  /** Stores where this daemon serves, for the commands that ask it. */
  announce(address: DaemonAddress): Promise<void>
  /** Removes a run and everything that was read of it, except its entries. Its files are not read again. */
  forget(run: string): Promise<void>
  outbox: Outbox
  close(): Promise<void>
}

export interface Resumption {
  readonly scannedRoots: ReadonlySet<string>
  readonly files: readonly FollowedFile[]
  /** Files whose path another file has taken since they ended, the oldest first. */
  readonly pastFiles: readonly FollowedFile[]
  readonly runs: readonly SavedRun[]
  readonly forgotten: readonly ForgottenFile[]
}

/** A file of a run that was removed by `forget`, and how far it had been read. */
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
  /** Whether alerts that are part of another one are included. */
  readonly withParts?: boolean
}

/** The read side of a store, for the page and the commands. It sees only what was committed, and each answer is from one moment. */
export interface Reader {
  /** A random id, made together with the store. Sequence numbers are only comparable within one epoch. */
  epoch(): Promise<string>
  /** The number of the newest entry; 0 where there is none. */
  head(): Promise<Seq>
  /** Where the last daemon on this store served. That daemon may be gone. */
  daemon(): Promise<DaemonAddress | null>
  /** The entries after this number, in order, at most `limit`. */
  entriesAfter(seq: Seq, limit: number): Promise<Entry[]>
  /** The runs, the one that was written last first. */
  runs(): Promise<RunSummary[]>
  /** The alerts, the newest first. */
  alerts(filter: AlertFilter): Promise<Alert[]>
  series(run?: string): Promise<SeriesInfo[]>
  samples(seriesId: number, after: number, limit: number): Promise<SamplesAnswer | null>
  envelope(seriesId: number, buckets: number): Promise<EnvelopeAnswer | null>
  /** The last `limit` measured batches of a file up to a step, or of all for null, in the order of reading. */
  batches(file: string, untilStep: number | null, limit: number): Promise<StoredBatch[]>
  /** The rejected lines, the newest first. */
  rejects(run: string, limit: number): Promise<Reject[]>
  gaps(run: string): Promise<(Gap & { readonly at: string })[]>
  /**
   * Gives `read` a view of one moment for several questions: later commits do not
   * show in it. For a few short reads, because the store has to keep what the view
   * sees until `read` is done.
   */
  snapshot<T>(read: (view: Reader) => Promise<T>): Promise<T>
  close(): Promise<void>
}
