import type { RunStatus } from '../../protocol/run.ts'
import type { Role, Sample } from '../../protocol/sample.ts'
import type { MetricValue } from '../../protocol/value.ts'
import type { EntryBody, Gap, Reject } from '../../protocol/wire.ts'
import type { Transition } from '../alerts/incident.ts'
import type { OwedNotification } from '../alerts/outbox.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Cursor } from '../reading/cursor.ts'
import type { HidingReason } from '../records/format.ts'
import type { FileState } from '../state/file-state.ts'
import type { RunMemory } from '../state/run-memory.ts'

/** A sample with its number in the series. */
export interface PlacedSample extends Sample {
  readonly ordinal: number
  /** When it was logged, in milliseconds since 1970: as the log says, or when the file was written; null where neither is known. */
  readonly timeMs: number | null
  /** The epoch that the log gives it, of which a fraction may have passed. */
  readonly epoch: number | null
  /** The role that it is judged in, where that is another one: a part is the loss where its file logs no whole. */
  readonly actsAs?: Role
  /** Set where nothing was recorded at this step: the NaN is a hole in the log, and no failure. */
  readonly isPlaceholder?: true
}

/** An earlier sample that turned out to belong to the next attempt. */
export interface SampleMove {
  readonly metric: string
  readonly ordinal: number
  readonly attempt: number
}

/** A measured batch with its number in the file. */
export interface PlacedBatch {
  readonly ordinal: number
  readonly step: number | null
  readonly attempt: number
  readonly offset: number
  readonly measure: BatchMeasure
  readonly reportedLoss: MetricValue | null
}

/** A value that the log hides, at the place where it would have stood. */
export interface HiddenValue {
  readonly metric: string
  readonly role: Role
  readonly step: number | null
  readonly attempt: number
  readonly offset: number
  readonly reason: HidingReason
  readonly detail: string
}

/** What is known of one followed file. */
export interface FollowedFile {
  readonly path: string
  readonly run: string
  /** Its name as people see it: the path below the root it was found under. */
  readonly name: string
  /** Null until its first byte was read. */
  readonly cursor: Cursor | null
  readonly state: FileState
  /**
   * What comes before this was there when the root was first seen, and is never announced. It is a byte offset, or in a
   * dump the number of a file, or in a database a row.
   */
  readonly backfillUntil: number
}

/** Samples in the order in which they were read. */
export interface PlacedSamples extends Iterable<PlacedSample> {
  readonly length: number
}

export interface FileUpdate {
  readonly file: FollowedFile
  readonly samples: PlacedSamples
  readonly moves: readonly SampleMove[]
  readonly batches: readonly PlacedBatch[]
  readonly rejects: readonly Reject[]
}

export interface RunUpdate extends RunStatus {
  readonly run: string
  readonly memory: RunMemory
  readonly backfill: boolean
  /** When bytes last arrived, ISO 8601; null keeps the stored time. */
  readonly readAt: string | null
}

/**
 * Everything that the reads of one round change.
 *
 * A store applies it as a whole or not at all. So a crash at any instant leaves
 * a cursor that agrees with the samples, the detector states, the alerts and the
 * notifications still owed.
 */
export interface Commit {
  readonly atIso: string
  readonly files: readonly FileUpdate[]
  /** Files whose path now belongs to another file, as they were at their end. A log that was renamed is recognised by them. */
  readonly pastFiles: readonly FollowedFile[]
  readonly runs: readonly RunUpdate[]
  readonly transitions: readonly Transition[]
  readonly gaps: readonly Gap[]
  readonly entries: readonly EntryBody[]
  readonly owed: readonly OwedNotification[]
  /** Roots whose files have been listed for the first time. Files that appear below them later are news. */
  readonly scannedRoots: readonly string[]
}

export function emptyCommit(atIso: string): Commit {
  return {
    atIso,
    files: [],
    pastFiles: [],
    runs: [],
    transitions: [],
    gaps: [],
    entries: [],
    owed: [],
    scannedRoots: [],
  }
}
