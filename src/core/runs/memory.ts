import type { JsonValue, MetricValue } from '../../protocol/value.ts'
import { type Incidents, NO_INCIDENTS } from '../alerts/incidents.ts'
import type { BatchEvidence, Point, Raise } from '../diagnose/diagnosis.ts'
import type { Ending } from './ending.ts'

/** What the judgement of one run needs from its past; plain JSON, saved with every commit. */
export type RunMemory = {
  readonly incidents: Incidents
  /** Batches that may explain something: the first suspicious ones of this attempt. */
  readonly suspects: readonly BatchEvidence[]
  /** Steps at which a loss was reported as NaN or ±Infinity: the first few of them. */
  readonly failedLosses: readonly Point[]
  /** The newest line that says how the job ended, and the file whose next record would take it back. */
  readonly ending: { readonly kind: Ending; readonly file: string } | null
  readonly lastStep: number | null
  readonly lastLoss: MetricValue | null
}

export const EMPTY_MEMORY: RunMemory = {
  incidents: NO_INCIDENTS,
  suspects: [],
  failedLosses: [],
  ending: null,
  lastStep: null,
  lastLoss: null,
}

const SUSPECTS_KEPT = 16
const FAILED_LOSSES_KEPT = 16

export function asJson(memory: RunMemory): JsonValue {
  return memory as unknown as JsonValue
}

/** Keeps a batch that could explain a failure; the first of a failing run matter most. */
export function rememberBatch(memory: RunMemory, batch: BatchEvidence): RunMemory {
  if (!isSuspicious(batch)) return memory
  const ofThisAttempt = memory.suspects.filter((other) => other.attempt >= batch.attempt)
  if (ofThisAttempt.length >= SUSPECTS_KEPT) return memory
  return { ...memory, suspects: [...ofThisAttempt, batch] }
}

export function rememberFailedLoss(memory: RunMemory, point: Point): RunMemory {
  if (memory.failedLosses.length >= FAILED_LOSSES_KEPT) return memory
  return { ...memory, failedLosses: [...memory.failedLosses, point] }
}

/** The batch whose predictions were in use where this finding was made, if they were logged. */
export function batchOf(memory: RunMemory, { at }: Raise): BatchEvidence | null {
  const batch = memory.suspects.find(
    (suspect) =>
      suspect.attempt === at.attempt && suspect.step === at.step && (at.step !== null || suspect.offset === at.offset),
  )
  return batch ?? null
}

function isSuspicious({ measure, reportedLoss }: BatchEvidence): boolean {
  return (
    typeof reportedLoss === 'string' ||
    measure.zeroOnTruth.count > 0 ||
    measure.nan.count > 0 ||
    measure.infinite.count > 0 ||
    measure.outOfRange.count > 0 ||
    measure.badLabel.count > 0 ||
    measure.used === 0
  )
}
