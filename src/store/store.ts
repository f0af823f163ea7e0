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
 * The write side. A commit is a value and not a callback because better-sqlite3
 * runs transactions synchronously and PostgreSQL does not; both can take a value.
 */
export interface Store {
  /** Applies it whole or not at all, and returns the newest entry's number. Throws a StoreError. */
  commit(commit: Commit): Promise<Seq>
  /** Everything needed to read on where the last daemon stopped. */
  resumption(): Promise<Resumption>
  /** Notes where this daemon serves, for the commands that ask it. */
  announce(address: DaemonAddress): Promise<void>
  /** Removes a run with all that was read from it; its files are not read again. The entries that told of it stay. */
  forget(run: string): Promise<void>
  outbox: Outbox
  /** What was done about damage found at opening; null when there was none. */
  readonly repaired: string | null
  /**
   * How long to wait before the next commit. Not 0 while somebody reads for so
   * long that the write-ahead log cannot be emptied: fewer and larger commits
   * make it grow slower.
   */
  restMs(): number
  /** To be called every minute: keeps the write-ahead log short and the back-ups fresh. Throws a StoreError. */
  upkeep(nowMs: number): Promise<void>
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

/** The read side: what pages and commands ask. Sees only what was committed. */
export interface Reader {
  /** Random; made when the database was. Sequence numbers count within it. */
  epoch(): string
  head(): Seq
  /** Where the last daemon on this database served; it may be gone. */
  daemon(): DaemonAddress | null
  /** Entries with a larger number, in order, at most `limit`. */
  entriesAfter(seq: Seq, limit: number): Entry[]
  runs(): RunSummary[]
  alerts(filter: AlertFilter): Alert[]
  series(run?: string): SeriesInfo[]
  samples(seriesId: number, after: number, limit: number): SamplesAnswer | null
  envelope(seriesId: number, buckets: number): EnvelopeAnswer | null
  /** The measured batches of a file up to this step, or all for null: the last `limit` of them, in order of reading. */
  batches(file: string, untilStep: number | null, limit: number): StoredBatch[]
  rejects(run: string, limit: number): Reject[]
  gaps(run: string): (Gap & { readonly at: string })[]
  /** Runs one read-only statement. ±Infinity and integers beyond 2^53 come as text, blobs as hexadecimal text. */
  query(sql: string): { readonly columns: readonly string[]; rows(): IterableIterator<readonly unknown[]> }
  close(): void
}
