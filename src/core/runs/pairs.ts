import type { Finite } from '../../protocol/value.ts'
import type { BatchEvidence } from '../diagnose/diagnosis.ts'
import type { Expected } from '../diagnose/search/expected.ts'
import type { DetectorStates } from '../file-state.ts'

/**
 * The losses and batches of one run that may stand in different files; plain JSON, and bounded.
 *
 * The first few of each file and attempt are kept, and no others. Which meet
 * does then not depend on which file is read first, nor on how far.
 */
export type Pairs = {
  readonly losses: readonly LossLog[]
  readonly dumps: readonly Dump[]
  /** What the detectors have come to by the pairs of a log of losses and a dump, by the names of both. */
  readonly watches: Readonly<Record<string, DetectorStates>>
}

/** One metric of one file. */
type LossLog = { readonly file: string; readonly metric: string; readonly firsts: Firsts<Finite> }
/** The batches of one file that were logged without a loss. */
type Dump = { readonly file: string; readonly firsts: Firsts<ExpectantBatch> }

export type ExpectantBatch = { readonly evidence: BatchEvidence; readonly expected: Expected }

export interface Loss {
  readonly file: string
  readonly metric: string
  readonly value: Finite
}

/** By attempt, and there in the order of their steps. */
type Firsts<Of> = readonly (readonly (readonly [step: number, of: Of])[])[]

export const NO_PAIRS: Pairs = { losses: [], dumps: [], watches: {} }

const MAX_LOSS_LOGS = 4
const MAX_DUMPS = 2
/** A job that is resumed more often is checked no further. */
const ATTEMPTS = 4
const LOSSES = 64
/** Enough to confirm a difference, or to end it in the attempt after. */
const BATCHES = 12

/** Keeps a loss; answers with the same pairs where there is no room for it. */
export function withLoss(pairs: Pairs, { file, metric, value }: Loss, attempt: number, step: number): Pairs {
  const index = pairs.losses.findIndex((log) => log.file === file && log.metric === metric)
  const before = pairs.losses[index]?.firsts ?? []
  if ((index < 0 && pairs.losses.length >= MAX_LOSS_LOGS) || !hasRoom(before, LOSSES, attempt, step)) return pairs
  const log = { file, metric, firsts: withEntry(before, attempt, step, value) }
  return { ...pairs, losses: index < 0 ? [...pairs.losses, log] : pairs.losses.with(index, log) }
}

/** Keeps a batch, made only if there is room for it; else answers with the same pairs. */
export function withBatch(
  pairs: Pairs,
  { file, attempt }: Pick<BatchEvidence, 'file' | 'attempt'>,
  step: number,
  make: () => ExpectantBatch,
): Pairs {
  const index = pairs.dumps.findIndex((dump) => dump.file === file)
  const before = pairs.dumps[index]?.firsts ?? []
  if ((index < 0 && pairs.dumps.length >= MAX_DUMPS) || !hasRoom(before, BATCHES, attempt, step)) return pairs
  const dump = { file, firsts: withEntry(before, attempt, step, make()) }
  return { ...pairs, dumps: index < 0 ? [...pairs.dumps, dump] : pairs.dumps.with(index, dump) }
}

export function lossesAt({ losses }: Pairs, attempt: number, step: number): Loss[] {
  return losses.flatMap(({ file, metric, firsts }) =>
    entriesAt(firsts, attempt, step).map((value) => ({ file, metric, value })),
  )
}

export function batchesAt({ dumps }: Pairs, attempt: number, step: number): ExpectantBatch[] {
  return dumps.flatMap(({ firsts }) => entriesAt(firsts, attempt, step))
}

/** The same with what became known of a batch that is kept. */
export function withTold(pairs: Pairs, told: BatchEvidence): Pairs {
  const entries = (batches: Firsts<ExpectantBatch>[number]) =>
    batches.map(([step, batch]) => [step, step === told.step ? { ...batch, evidence: told } : batch] as const)
  const tell = (dump: Dump) => ({
    ...dump,
    firsts: dump.firsts.map((batches, attempt) => (attempt === told.attempt ? entries(batches) : batches)),
  })
  return { ...pairs, dumps: pairs.dumps.map((dump) => (dump.file === told.file ? tell(dump) : dump)) }
}

function hasRoom(firsts: Firsts<unknown>, most: number, attempt: number, step: number): boolean {
  const entries = firsts[attempt] ?? []
  // Of a step that comes again, as in each epoch, the first is kept.
  return attempt < ATTEMPTS && entries.length < most && step > (entries.at(-1)?.[0] ?? -Infinity)
}

function withEntry<Of>(firsts: Firsts<Of>, attempt: number, step: number, of: Of): Firsts<Of> {
  return Array.from({ length: Math.max(firsts.length, attempt + 1) }, (_, index) => {
    const entries = firsts[index] ?? []
    return index === attempt ? [...entries, [step, of] as const] : entries
  })
}

function entriesAt<Of>(firsts: Firsts<Of>, attempt: number, step: number): Of[] {
  return (firsts[attempt] ?? []).flatMap(([at, of]) => (at === step ? [of] : []))
}
