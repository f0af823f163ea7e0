import type { Role, Sample } from '../../protocol/sample.ts'
import { isFinite, type MetricValue, type NonFinite, toNumber } from '../../protocol/value.ts'
import { type Incidents, NO_INCIDENTS } from '../alerts/incident.ts'
import type { RuleStates } from '../detect/rule.ts'
import type { BatchEvidence, BatchPlace } from '../diagnose/diagnosis.ts'
import type { StepCount } from '../job/end-counts.ts'
import { type EndSigns, NO_END_SIGNS } from '../job/end-sign.ts'
import type { RunEnding } from '../job/run-ending.ts'
import type { SavedIntervals } from '../job/write-intervals.ts'
import type { SavedWriter } from '../job/writer.ts'
import type { Likelihoods } from '../loss-search/likelihood.ts'
import { isOfHeldOut } from './held-out.ts'
import { batchesAt, hasFiniteLoss, type LossPairs, NO_PAIRS } from './loss-pairs.ts'
import { withPairTallies } from './pair-tallies.ts'

/** Everything that judging a run needs from its past; plain JSON, saved with every commit. */
export type RunMemory = {
  readonly incidents: Incidents
  /** Batches that may explain something: the first and the newest suspicious ones of this attempt. */
  readonly suspectBatches: readonly BatchEvidence[]
  /** The newest batch, if nothing is suspicious about it: its loss may still turn out to have failed. */
  readonly healthyBatch: BatchEvidence | null
  /** How the job may compute its loss, as far as its batches have shown. A memory of an older version has none. */
  readonly likelihoods?: Likelihoods
  /** Losses and batches that may form pairs. A memory of an older version has none. */
  readonly pairs?: LossPairs
  /** Where a loss was reported as NaN or ±Infinity: the first and the newest of this attempt. */
  readonly failedLosses: readonly FailedLoss[]
  /** How the job ended by the newest line that says so. The next record of its file would show that it goes on, as later ones of another file do. */
  readonly ending: RunEnding | null
  /** The files whose words of an end do not hold any more, because another file has shown so; not there where there are none. */
  readonly outlived?: readonly string[]
  /** The newest record whose line gives a time, and the rank whose log it stands in; not there where none does. */
  readonly newestDated?: { readonly file: string; readonly rank: number | null; readonly clockMs: number }
  /** The files whose first lines wait for those below them; not there where there are none. */
  readonly waiting?: readonly string[]
  /** The files that end with an exception which a living process may have caught; not there where there are none. */
  readonly heldBack?: readonly string[]
  /** How often the run is written to; not there before it grew while it was watched. */
  readonly pace?: SavedIntervals
  /** What its last lines show of its end beside clear words; not there before any did. */
  readonly endSigns?: EndSigns
  /** Who was seen to write to it; not there where nobody was. */
  readonly writer?: SavedWriter
  /** True once a record was read. A memory of an older version does not say. */
  readonly hasRecords?: boolean
  /** The first step of its losses, and the distance of the last two. A memory of an older version does not say. */
  readonly firstStep?: number | null
  readonly stride?: number
  readonly lastStep: number | null
  /** The newest training loss, or the newest loss at all in a run that logs none. */
  readonly lastLoss: MetricValue | null
  readonly hasTrainingLoss: boolean
  /** The states of the rules about a whole log in this run; not there where they remember nothing. */
  readonly logRules?: RuleStates | undefined
}

export type FailedLoss = {
  readonly attempt: number
  readonly step: number
  readonly value: NonFinite
  /** Where it stands, and what it is of; a memory of an older version has neither. */
  readonly file?: string
  readonly role?: Role
}

export const EMPTY_MEMORY: RunMemory = {
  incidents: NO_INCIDENTS,
  suspectBatches: [],
  healthyBatch: null,
  failedLosses: [],
  ending: null,
  lastStep: null,
  lastLoss: null,
  hasTrainingLoss: false,
}

/** How many of the first are kept in a list, for they hold the cause, and how many of the newest, for what comes next. */
const KEPT_AT_EACH_END = 8

/** Once this many batches in a row hold a NaN, a new one replaces only the newest. Those from before the damage stay, for they may say why. */
const DAMAGED_KEPT = 5

/** Above this loss of a row the derivative of −ln p, −1/p, nears the largest float32. */
const SUSPICIOUS_LOSS_NATS = 80

/** Keeps a batch: a suspicious one for long, and any other until the next batch, or with it if that is the first with a NaN. */
export function rememberBatch(memory: RunMemory, newest: BatchEvidence): RunMemory {
  if (!isSuspicious(newest)) return { ...memory, healthyBatch: newest }
  const batch = withBatchBefore(memory, newest)
  const { suspectBatches } = memory
  return {
    ...memory,
    suspectBatches: withNewest(suspectBatches, batch, droppedFrom(suspectBatches, batch)),
    healthyBatch: null,
  }
}

function withBatchBefore({ healthyBatch, suspectBatches }: RunMemory, batch: BatchEvidence): BatchEvidence {
  const last = healthyBatch ?? suspectBatches.at(-1)
  if (last === undefined || last.file !== batch.file || last.attempt !== batch.attempt) return batch
  if (batch.measure.nan.count === 0 || last.measure.nan.count > 0) return batch
  return { ...batch, before: { step: last.step, measure: last.measure } }
}

/** How far the losses of a run have come, which each new one changes. */
export type LossCourse = Pick<RunMemory, 'firstStep' | 'stride' | 'lastStep' | 'lastLoss' | 'hasTrainingLoss'>

export function lossCourseOf({ firstStep, stride, lastStep, lastLoss, hasTrainingLoss }: RunMemory): LossCourse {
  const steps = { ...(firstStep !== undefined && { firstStep }), ...(stride !== undefined && { stride }) }
  return { ...steps, lastStep, lastLoss, hasTrainingLoss }
}

/** Takes in the newest loss. A validation loss does not replace a training loss. */
export function afterLoss(
  { firstStep, stride = 0, lastStep, lastLoss, hasTrainingLoss }: LossCourse,
  { role, step, value }: Sample,
): LossCourse {
  return {
    firstStep: firstStep ?? step,
    stride: step !== null && lastStep !== null && step > lastStep ? step - lastStep : stride,
    lastStep: step ?? lastStep,
    lastLoss: role === 'val_loss' && hasTrainingLoss ? lastLoss : value,
    hasTrainingLoss: hasTrainingLoss || role === 'train_loss',
  }
}

/** How far the steps of a run have come. */
export function stepsOf({ firstStep = null, lastStep, stride = 0 }: RunMemory): StepCount {
  return { first: firstStep, last: lastStep, stride }
}

/** Whether anything but a heading was read of a run. */
export function hasAnyRecord({ hasRecords = false, lastStep, lastLoss }: RunMemory): boolean {
  return hasRecords || lastStep !== null || lastLoss !== null
}

/** The line that says that a run may be over, or null. */
export function endSignOf({ endSigns = NO_END_SIGNS }: RunMemory): string | null {
  return endSigns.sign?.line ?? null
}

/** Keeps the step at which a loss failed, and makes it the loss of the batches of that step that have none. */
export function rememberFailedLoss(memory: RunMemory, failed: FailedLoss): RunMemory {
  const failedLosses = withNewest(memory.failedLosses, failed)
  const { suspectBatches, healthyBatch } = memory
  // Of a run that logs no predictions a loss may fail at each step.
  if (suspectBatches.length === 0 && healthyBatch === null) return { ...memory, failedLosses }
  const withLoss = (batch: BatchEvidence) => (awaits(batch, failed) ? { ...batch, reportedLoss: failed.value } : batch)
  const after = { ...memory, failedLosses, suspectBatches: suspectBatches.map(withLoss) }
  return healthyBatch === null ? after : rememberBatch(after, withLoss(healthyBatch))
}

/** Keeps `paired`, a batch whose loss has become known, in place of the same batch without it. */
export function rememberReported(memory: RunMemory, paired: BatchEvidence): RunMemory {
  const replaced = (batch: BatchEvidence) => (isSameBatch(batch, paired) ? paired : batch)
  const { suspectBatches, healthyBatch } = memory
  return {
    ...memory,
    suspectBatches: suspectBatches.map(replaced),
    healthyBatch: healthyBatch === null ? null : replaced(healthyBatch),
  }
}

/** Whether the loss of this batch is not known yet, and `failed` is that loss. */
export function awaits(batch: AwaitingBatch, failed: FailedLoss): boolean {
  const { file = batch.file, role } = failed
  if (batch.reportedLoss !== null || batch.step !== failed.step || batch.attempt !== failed.attempt) return false
  return role === 'val_loss' || !isOfHeldOut(batch, file)
}

type AwaitingBatch = Pick<BatchEvidence, 'file' | 'step' | 'attempt' | 'reportedLoss' | 'isOfValidation'>

/** The loss reported at the step of a batch that has none of its own, if it was NaN or ±Infinity. */
export function failedLossOf(memory: RunMemory, batch: AwaitingBatch): NonFinite | null {
  return memory.failedLosses.find((failed) => awaits(batch, failed))?.value ?? null
}

/**
 * The batch whose predictions were in use at a place, or null where they were not logged.
 *
 * It is the batch of the same record, or else one of the same step: one whose
 * cross-entropy is not finite, if there is one. Predictions of held-out data
 * explain nothing of the training.
 */
export function batchAt(memory: RunMemory, place: BatchPlace): BatchEvidence | null {
  const { file, attempt, step, offset, role } = place
  const isOfTraining = role === 'train_loss' || role === 'grad_norm'
  const { suspectBatches, healthyBatch, pairs = NO_PAIRS } = memory
  const firsts = step === null ? [] : batchesAt(pairs, attempt, step).map(({ evidence }) => evidence)
  const batches = [...suspectBatches, ...(healthyBatch === null ? [] : [healthyBatch]), ...firsts]
  const ofAttempt = batches.filter((batch) => batch.attempt === attempt && !(isOfTraining && isOfHeldOut(batch, file)))
  const ofStep = ofAttempt.filter((batch) => batch.step !== null && batch.step === step)
  const found =
    ofAttempt.find((batch) => batch.file === file && batch.offset === offset && batch.step === step) ??
    ofStep.find(({ measure }) => !isFinite(measure.crossEntropy)) ??
    ofStep[0]
  if (found === undefined) return null
  const isSurvived = found.reportedLoss === null && hasFiniteLoss(pairs, found)
  return { ...withPairTallies(found, pairs), ...(isSurvived && { isSurvived }) }
}

/** The batches that hold a log(0) beside no known loss, at the step of a finite loss that comes after them. */
export function survivedBy({ suspectBatches }: RunMemory, { attempt, step }: Pick<Sample, 'attempt' | 'step'>) {
  return suspectBatches.filter(
    (batch) =>
      batch.step === step &&
      batch.attempt === attempt &&
      batch.reportedLoss === null &&
      batch.measure.zeroOnTruth.count > 0,
  )
}

/** Whether two are the same batch. The batches in the files of a dump all stand at the same byte, so the step is compared as well. */
function isSameBatch(a: BatchEvidence, b: BatchEvidence): boolean {
  return a.file === b.file && a.attempt === b.attempt && a.step === b.step && a.offset === b.offset
}

function withNewest<Of extends { readonly attempt: number }>(
  kept: readonly Of[],
  newest: Of,
  dropped = KEPT_AT_EACH_END,
): readonly Of[] {
  const all = [...kept.filter(({ attempt }) => attempt >= newest.attempt), newest]
  return all.length <= 2 * KEPT_AT_EACH_END ? all : all.toSpliced(dropped, 1)
}

/** Index to drop when the list is full: the oldest of the newest, but never a batch from before the damage. */
function droppedFrom(suspectBatches: readonly BatchEvidence[], newest: BatchEvidence): number {
  const last = [...suspectBatches.slice(1 - DAMAGED_KEPT), newest]
  return last.every(({ measure }) => measure.nan.count > 0) ? -2 : KEPT_AT_EACH_END
}

function isSuspicious({ measure, reportedLoss, lossSearch }: BatchEvidence): boolean {
  return (
    lossSearch?.verdict === 'differs' ||
    typeof reportedLoss === 'string' ||
    measure.zeroOnTruth.count > 0 ||
    measure.zeroOffTruth.count > 0 ||
    measure.nan.count > 0 ||
    measure.infinite.count > 0 ||
    measure.outOfRange.count > 0 ||
    measure.badLabel.count > 0 ||
    (measure.nanLabel?.count ?? 0) > 0 ||
    measure.longTarget !== undefined ||
    measure.used === 0 ||
    (measure.worst !== null && toNumber(measure.worst.loss) > SUSPICIOUS_LOSS_NATS)
  )
}
