import type { Finite } from '../../protocol/value.ts'
import type { RuleStates } from '../detect/rule.ts'
import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import type { Expected } from '../loss-search/expected-losses.ts'
import type { Difference } from '../loss-search/likelihood.ts'
import { isOfHeldOut } from './held-out.ts'
import { holdsStep, type StepRuns, withSteps } from './step-runs.ts'

/**
 * The losses and the batches of one run that may form pairs across files; plain JSON, and bounded.
 *
 * Only the first few of each file and attempt are kept. So it depends neither on
 * the order in which files are read nor on how far each was read which of them
 * form a pair. Of those after them only that is kept by which they contradict a
 * way of computing: the steps of the finite losses, and the first of the batches
 * whose loss would not be finite in some way.
 */
export type LossPairs = {
  readonly losses: readonly LossLog[]
  readonly dumps: readonly BatchLog[]
  /** The states of the detectors that watch the pairs of one log of losses and one dump. */
  readonly watches: readonly PairWatch[]
}

/** The first losses of one metric in one file. */
type LossLog = {
  readonly file: string
  readonly metric: string
  readonly isOfValidation?: true
  readonly firsts: Firsts<Finite>
  /** The steps of the finite losses after them, by attempt; not there where there are none. */
  readonly later?: readonly StepRuns[]
}
/** The first batches of one file that were logged without a loss. */
type BatchLog = {
  readonly file: string
  readonly firsts: Firsts<ExpectantBatch>
  /** Of later batches, those by which a finite loss contradicts; not there where there are none. */
  readonly doubts?: Firsts<Doubt>
}

/** A batch whose loss would not be finite in some ways of computing. */
type Doubt = { readonly failing: readonly string[]; readonly isOfValidation?: true }

export type PairWatch = {
  readonly file: string
  readonly metric: string
  readonly dump: string
  readonly states: RuleStates
  /** The newest pairs whose loss no way of computing gives; not there where there is none. */
  readonly differences?: readonly Difference[]
}

export type ExpectantBatch = {
  readonly evidence: BatchEvidence
  readonly expected: Expected
  /** The ways of computing by which its loss would not be finite; not there where there is none. */
  readonly failing?: readonly string[]
}

export interface PairedLoss {
  readonly file: string
  readonly metric: string
  readonly value: Finite
  readonly isOfValidation?: true
}

/** By attempt, and within it in the order of steps. Two lists take far less room as JSON than one list of pairs. */
type Firsts<Of> = readonly { readonly steps: readonly number[]; readonly of: readonly Of[] }[]

const NONE: Firsts<never>[number] = { steps: [], of: [] }

export const NO_PAIRS: LossPairs = { losses: [], dumps: [], watches: [] }

/** Of training losses, and as many of validation losses. */
const MAX_LOSS_LOGS = 4
const MAX_DUMPS = 2
/** Later attempts of a job that is resumed more often are not checked. */
const ATTEMPTS = 4
const LOSSES = 64
/** Enough batches to confirm a difference, or to end it in the attempt after. */
const BATCHES = 12
/** Enough for some of them to meet a loss that is logged at every tenth step only. */
const DOUBTS = 48

/** Keeps a loss. Returns the same pairs where there is no room for it. */
export function withLoss(
  pairs: LossPairs,
  { file, metric, value, ...about }: PairedLoss,
  attempt: number,
  step: number,
): LossPairs {
  const index = pairs.losses.findIndex((log) => log.file === file && log.metric === metric)
  const before = pairs.losses[index]?.firsts ?? []
  const alike = pairs.losses.filter(({ isOfValidation }) => isOfValidation === about.isOfValidation)
  if ((index < 0 && alike.length >= MAX_LOSS_LOGS) || !hasRoom(before, LOSSES, attempt, step)) return pairs
  const log = { ...pairs.losses[index], file, metric, ...about, firsts: withEntry(before, attempt, step, value) }
  return { ...pairs, losses: index < 0 ? [...pairs.losses, log] : pairs.losses.with(index, log) }
}

/** Keeps of finite losses that `withLoss` has no room for at which steps they stand. */
export function withLaterLosses(
  pairs: LossPairs,
  { file, metric }: Pick<PairedLoss, 'file' | 'metric'>,
  attempt: number,
  steps: ArrayLike<number>,
): LossPairs {
  const index = pairs.losses.findIndex((log) => log.file === file && log.metric === metric)
  const log = pairs.losses[index]
  if (log === undefined || attempt >= ATTEMPTS) return pairs
  const { later = [] } = log
  const runs = later[attempt] ?? []
  const kept = withSteps(runs, steps, log.firsts[attempt]?.steps.at(-1) ?? -Infinity)
  if (kept === runs) return pairs
  const all = [...later]
  while (all.length <= attempt) all.push([])
  all[attempt] = kept
  return { ...pairs, losses: pairs.losses.with(index, { ...log, later: all }) }
}

/** Keeps the batch that `make` gives. Returns the same pairs, and does not call `make`, where there is no room for it. */
export function withBatch(
  pairs: LossPairs,
  { file, attempt }: Pick<BatchEvidence, 'file' | 'attempt'>,
  step: number,
  make: () => ExpectantBatch,
): LossPairs {
  const index = pairs.dumps.findIndex((dump) => dump.file === file)
  const before = pairs.dumps[index]?.firsts ?? []
  if ((index < 0 && pairs.dumps.length >= MAX_DUMPS) || !hasRoom(before, BATCHES, attempt, step)) return pairs
  const dump = { ...pairs.dumps[index], file, firsts: withEntry(before, attempt, step, make()) }
  return { ...pairs, dumps: index < 0 ? [...pairs.dumps, dump] : pairs.dumps.with(index, dump) }
}

/** Keeps of a batch that `withBatch` has no room for in which ways its loss would not be finite. */
export function withDoubt(
  pairs: LossPairs,
  { file, attempt, isOfValidation }: Pick<BatchEvidence, 'file' | 'attempt' | 'isOfValidation'>,
  step: number,
  failing: readonly string[],
): LossPairs {
  const index = pairs.dumps.findIndex((dump) => dump.file === file)
  const { firsts = [], doubts = [] } = pairs.dumps[index] ?? {}
  if (failing.length === 0 || (index < 0 && pairs.dumps.length >= MAX_DUMPS)) return pairs
  if (!hasRoom(doubts, DOUBTS, attempt, step) || step <= (firsts[attempt]?.steps.at(-1) ?? -Infinity)) return pairs
  const doubt: Doubt = { failing, ...(isOfValidation === true && { isOfValidation }) }
  const dump = { file, firsts, doubts: withEntry(doubts, attempt, step, doubt) }
  return { ...pairs, dumps: index < 0 ? [...pairs.dumps, dump] : pairs.dumps.with(index, dump) }
}

export function lossesAt({ losses }: LossPairs, attempt: number, step: number): PairedLoss[] {
  return losses.flatMap(({ firsts, ...log }) => entriesAt(firsts, attempt, step).map((value) => ({ ...log, value })))
}

export function batchesAt({ dumps }: LossPairs, attempt: number, step: number): ExpectantBatch[] {
  return dumps.flatMap(({ firsts }) => entriesAt(firsts, attempt, step))
}

/**
 * The batches of one dump and attempt before a step that have met a finite loss of another file, each with the first of its
 * losses. Those of held-out data have validation losses.
 */
export function metBefore(
  pairs: LossPairs,
  { file, attempt, step }: Pick<BatchEvidence, 'file' | 'attempt' | 'step'>,
): readonly { readonly batch: ExpectantBatch; readonly loss: Finite }[] {
  if (step === null) return []
  const { steps, of }: Firsts<ExpectantBatch>[number] =
    pairs.dumps.find((dump) => dump.file === file)?.firsts[attempt] ?? NONE
  return of.flatMap((batch, i) => {
    const met = steps[i]! < step ? lossesAt(pairs, attempt, steps[i]!) : []
    const loss = met.find((one) => isOfHeldOut(batch.evidence, one.file) === (one.isOfValidation === true))
    return loss === undefined ? [] : [{ batch, loss: loss.value }]
  })
}

/**
 * The ways of computing in which the loss of each later batch of one dump and attempt before a step would not be finite,
 * where another file gives a finite one.
 */
export function contradictedBefore(
  pairs: LossPairs,
  { file, attempt, step }: Pick<BatchEvidence, 'file' | 'attempt' | 'step'>,
): readonly (readonly string[])[] {
  if (step === null) return []
  const { steps, of }: Firsts<Doubt>[number] = pairs.dumps.find((dump) => dump.file === file)?.doubts?.[attempt] ?? NONE
  return of.flatMap(({ failing, ...about }, i) => {
    const at = steps[i]!
    return at < step && hasFiniteLoss(pairs, { file, attempt, step: at, ...about }) ? [failing] : []
  })
}

/** Whether a file gives a finite loss of its side at the step of a batch. */
export function hasFiniteLoss(
  { losses }: LossPairs,
  batch: Pick<BatchEvidence, 'file' | 'attempt' | 'step' | 'isOfValidation'>,
): boolean {
  const { attempt, step } = batch
  if (step === null) return false
  return losses.some(
    ({ file, isOfValidation = false, firsts, later = [] }) =>
      isOfHeldOut(batch, file) === isOfValidation &&
      (entriesAt(firsts, attempt, step).length > 0 || holdsStep(later[attempt] ?? [], step)),
  )
}

/** What the loss of the batch before is expected to be, in the same dump and attempt; null without any. */
export function expectedBefore(
  { dumps }: LossPairs,
  { file, attempt, step }: Pick<BatchEvidence, 'file' | 'attempt' | 'step'>,
): Expected | null {
  const { steps, of }: Firsts<ExpectantBatch>[number] =
    dumps.find((dump) => dump.file === file)?.firsts[attempt] ?? NONE
  return of[steps.indexOf(step ?? Number.NaN) - 1]?.expected ?? null
}

/** The pairs with `paired`, a batch whose loss has become known, in place of the same batch without it. */
export function withReported(pairs: LossPairs, paired: BatchEvidence): LossPairs {
  const replaceIn = ({ steps, of }: Firsts<ExpectantBatch>[number]) => ({
    steps,
    of: of.map((batch) => (batch.evidence.step === paired.step ? { ...batch, evidence: paired } : batch)),
  })
  const dumps = pairs.dumps.map(({ file, firsts, ...doubts }) => ({
    ...doubts,
    file,
    firsts: firsts.map((batches, attempt) =>
      file === paired.file && attempt === paired.attempt ? replaceIn(batches) : batches,
    ),
  }))
  return { ...pairs, dumps }
}

function hasRoom(firsts: Firsts<unknown>, most: number, attempt: number, step: number): boolean {
  const { steps } = firsts[attempt] ?? NONE
  // Where a step comes again, as in each epoch, only its first loss or batch is kept.
  return attempt < ATTEMPTS && steps.length < most && step > (steps.at(-1) ?? -Infinity)
}

function withEntry<Of>(firsts: Firsts<Of>, attempt: number, step: number, of: Of): Firsts<Of> {
  return Array.from({ length: Math.max(firsts.length, attempt + 1) }, (_, index) => {
    const entries = firsts[index] ?? NONE
    return index === attempt ? { steps: [...entries.steps, step], of: [...entries.of, of] } : entries
  })
}

function entriesAt<Of>(firsts: Firsts<Of>, attempt: number, step: number): Of[] {
  const { steps, of }: Firsts<Of>[number] = firsts[attempt] ?? NONE
  const index = steps.indexOf(step)
  return index < 0 ? [] : [of[index]!]
}
