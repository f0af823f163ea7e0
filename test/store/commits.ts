import { measureBatch } from '../../src/core/measure/batch-measure.ts'
import type { PredictionBatch } from '../../src/core/measure/prediction-batch.ts'
import type { PlacedBatch, PlacedSample } from '../../src/core/pipeline/commit.ts'
import {
  type Commit,
  emptyCommit,
  type FileUpdate,
  type FollowedFile,
  type RunUpdate,
} from '../../src/core/pipeline/commit.ts'
import type { Cursor } from '../../src/core/reading/cursor.ts'
import { NEW_FILE } from '../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../src/core/state/run-memory.ts'
import type { Alert } from '../../src/protocol/alert.ts'
import type { RunStatus } from '../../src/protocol/run.ts'
import { metricValue } from '../../src/protocol/value.ts'

export const AT = '2026-03-01T12:00:00.000Z'
export const LOG = '/runs/a/train.log'

/** The status of a run that is being written. */
const RUNNING: RunStatus = {
  state: 'running',
  stateSince: AT,
  stateKnownBy: 'writes',
  stateReason: 'its log was written to',
}

export function commit(parts: Partial<Commit>): Commit {
  return { ...emptyCommit(AT), ...parts }
}

export function run(name: string, parts: Partial<RunUpdate> = {}): RunUpdate {
  return { ...RUNNING, run: name, memory: EMPTY_MEMORY, backfill: false, readAt: AT, ...parts }
}

export function followedFile(parts: Partial<FollowedFile> = {}): FollowedFile {
  return { path: LOG, run: 'a', name: 'train.log', cursor: null, state: NEW_FILE, backfillUntil: 0, ...parts }
}

export function cursor(offset: number, parts: Partial<Cursor> = {}): Cursor {
  return {
    device: '2049',
    inode: '18446744073709551615',
    headBytes: Math.min(256, offset),
    headHash: 'head',
    offset,
    anchorBytes: Math.min(64, offset),
    anchorHash: 'anchor',
    generation: 0,
    encoding: 'utf-8',
    container: null,
    isBinary: false,
    inLongLine: false,
    isEnded: false,
    ...parts,
  }
}

export function fileUpdate(file: Partial<FollowedFile> = {}, parts: Partial<FileUpdate> = {}): FileUpdate {
  return { samples: [], moves: [], batches: [], rejects: [], ...parts, file: followedFile(file) }
}

/** One sample of `loss`; the raw text of a non-finite one is as the log has it. */
export function sample(ordinal: number, value: number, parts: Partial<PlacedSample> = {}): PlacedSample {
  return {
    metric: 'loss',
    role: 'train_loss',
    attempt: 0,
    step: ordinal * 10,
    value: metricValue(value),
    raw: Number.isFinite(value) ? null : String(value).toLowerCase(),
    offset: ordinal * 100,
    timeMs: null,
    epoch: null,
    ordinal,
    ...parts,
  }
}

/** A run `a` with the one file `LOG`, from which these values of `loss` were read. */
export function losses(values: readonly number[]): Commit {
  const samples = values.map((value, i) => sample(i, value))
  return commit({ runs: [run('a')], files: [fileUpdate({ cursor: cursor(values.length * 100) }, { samples })] })
}

/** A batch whose one row gave the true class a probability of exactly 0: its cross-entropy is infinite. */
export function hopelessBatch(ordinal: number): PlacedBatch {
  const batch: PredictionBatch = {
    step: ordinal,
    kind: 'probs',
    n: 1,
    k: 2,
    values: Float64Array.of(1, 0),
    labels: { kind: 'hard', classes: Float64Array.of(1) },
    reportedLoss: 'NaN',
  }
  const measure = measureBatch(batch, 1e-10)
  return { ordinal, step: ordinal, attempt: 0, offset: ordinal * 100, measure, reportedLoss: batch.reportedLoss }
}

export function alert(parts: Partial<Alert> = {}): Alert {
  return {
    id: 'alert-1',
    run: 'a',
    rule: 'non-finite',
    state: 'firing',
    severity: 'critical',
    metric: 'loss',
    role: 'train_loss',
    step: 812,
    attempt: 0,
    file: LOG,
    offset: 4096,
    value: 'NaN',
    time: null,
    detectedAt: AT,
    resolvedAt: null,
    resolvedStep: null,
    headline: 'step 812: loss is NaN.',
    firstSign: null,
    why: '',
    cause: null,
    signs: [],
    partOf: null,
    related: [],
    backfill: false,
    ...parts,
  }
}
