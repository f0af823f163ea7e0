import type { Role } from '../../protocol/sample.ts'
import { isFinite } from '../../protocol/value.ts'
import { hasErrorOfBothPhases, isLossRole, isMeasure, isOfPast, lossKindOf, phaseOf, policyRoleIn } from './fields.ts'
import type { LogRecord, Scalar, ScalarsRecord } from './format.ts'
import { type LossKind, SIDES_OF_PLAYERS } from './loss-names.ts'
import { isPhase, type Phase, wordsOf } from './name-words.ts'
import { isSide } from './side-names.ts'

/**
 * The best kind of loss that a file has shown, of training and of held-out data, as an index into `KINDS`; plain JSON.
 */
export type LossesSeen = {
  readonly training: number
  readonly validation: number
  /** What the values are that are named by a phase alone; not there before the first. */
  readonly phases?: PhasesSeen
}

/**
 * Whether the values that are named by a phase alone, `train: 0.5 test: 0.6`, are losses; as long as nothing tells, the first
 * one of training and how many records in a row had such values.
 */
type PhasesSeen = 'losses' | 'none' | { readonly first: number | null; readonly inARow: number }

/** The kinds of loss, the one that says most of the run first. */
const KINDS: readonly LossKind[] = ['whole', 'part', 'unit', 'error', 'player']
const NONE = KINDS.length
/** What is named by a phase alone counts as little as the players of a GAN. */
const OF_PHASES = KINDS.indexOf('player')
/** So many records in a row show that such names are no chance. */
const LEAST_PHASES = 3
/** By so much of its first value one of training must have fallen to be a loss, or grown to be a share of right answers. */
const MOVED = 0.1
const MOST_BESIDE = 16
const LONGEST_PHASE = 16
const SHORT_PHASES: Readonly<Record<string, Phase>> = { tr: 'training', va: 'validation', tst: 'validation' }
/** The roles of a loss in another unit. One in bits has none of its own. */
const UNITS: readonly Role[] = ['perplexity', 'objective']

export const NO_LOSSES_SEEN: LossesSeen = { training: NONE, validation: NONE }

/** Whether a file has shown a loss of any kind. */
export function hasLosses({ training, validation }: LossesSeen): boolean {
  return training < NONE || validation < NONE
}

/** Whether a file has shown a loss of training of any kind. */
export function hasLossOfTraining({ training }: LossesSeen): boolean {
  return training < NONE
}

/**
 * Says of each metric of a record whether it acts as a loss of its file, and takes note of the losses that it shows.
 *
 * Where a file logs no whole loss, its parts are its losses; where it logs none of these, its perplexity or its
 * objective; then its errors; and then what the players of a GAN, or a policy and its values, are called by. Beside no counter these
 * three are measures of an end. What is named by a phase alone, `train: 0.5 test: 0.6`, is a loss where it falls and nothing else
 * is one. One of held-out data acts so only where training has nothing better either: beside a training loss a `val_mse` is a measure.
 */
export function withActing(
  before: LossesSeen,
  record: LogRecord,
): { readonly seen: LossesSeen; readonly record: LogRecord } {
  if (record.kind !== 'scalars') return { seen: before, record }
  const known = withPhases(before, record)
  const hasPhases = known.phases === 'losses'
  if (!hasPhases && record.scalars.every((scalar) => isSettled(scalar, known))) return { seen: known, record }
  const kinds = record.scalars.map((scalar) =>
    hasPhases && barePhaseOf(scalar.metric) !== null ? OF_PHASES : kindIn(scalar, record),
  )
  const seen = kinds.reduce((seen, kind, at) => withKind(seen, kind, record.scalars[at]!), known)
  const scalars = record.scalars.map((scalar, at) => acting(scalar, kinds[at]!, seen))
  return {
    seen,
    record: scalars.every((scalar, at) => scalar === record.scalars[at]) ? record : { ...record, scalars },
  }
}

/** The same once a record was looked at for values that are named by a phase alone: only of a file without other losses. */
function withPhases(seen: LossesSeen, record: ScalarsRecord): LossesSeen {
  const { phases, training } = seen
  if (training < NONE || phases === 'losses' || phases === 'none') return seen
  const value = valueOfPhases(record)
  if (value === undefined) return phases === undefined ? seen : { ...seen, phases: 'none' }
  const now = isFinite(value) ? value : null
  const first = phases?.first ?? now
  const inARow = (phases?.inARow ?? 0) + 1
  if (inARow < LEAST_PHASES) return { ...seen, phases: { first, inARow } }
  if (first === null) return { ...seen, phases: { first, inARow } }
  // Of right answers there is always a share.
  if (now === null || now < first - MOVED * Math.abs(first)) return { ...seen, phases: 'losses' }
  return { ...seen, phases: now > first + MOVED * Math.abs(first) ? 'none' : { first, inARow } }
}

/** The value of training in a record with a counter whose values are named by phases, and all else is beside them; undefined for any other. */
function valueOfPhases({ scalars, step, epoch }: ScalarsRecord): Scalar['value'] | undefined {
  if ((step === null && epoch === null) || scalars.length > MOST_BESIDE) return undefined
  const own = scalars.filter(({ metric }) => barePhaseOf(metric) !== null)
  const isPlain = ({ metric, role }: Scalar) =>
    role !== 'other' || isSide(metric) || isOfPast(metric) || isMeasure(metric) || barePhaseOf(metric) !== null
  if (!own.some(({ metric }) => barePhaseOf(metric) === 'validation') || !scalars.every(isPlain)) return undefined
  return own.find(({ metric }) => barePhaseOf(metric) === 'training')?.value
}

/** The phase that a name is, and nothing else; null for any other name. */
function barePhaseOf(metric: string): Phase | null {
  if (metric.length > LONGEST_PHASE) return null
  const words = wordsOf(metric)
  if (words.length !== 1) return null
  return isPhase(words[0]!) ? phaseOf(metric) : (SHORT_PHASES[words[0]!] ?? null)
}

/** Whether a scalar acts as what it is, and shows nothing new, as nearly all do. */
function isSettled({ metric, role }: Scalar, { training, validation }: LossesSeen): boolean {
  if (role === 'train_loss') return training === 0
  if (role === 'val_loss') return validation === 0
  return role === 'other' ? lossKindOf(metric) === null : role !== 'loss_part' && !UNITS.includes(role)
}

/** The kind of loss that a scalar is; `NONE` where it is none in this record. */
function kindIn({ metric, role }: Scalar, { scalars, step, epoch }: ScalarsRecord): number {
  if (isLossRole(role)) return 0
  const kind = lossKindOf(metric) ?? (role === 'loss_part' ? 'part' : null)
  if (kind === null || (kind === 'part' ? role !== 'loss_part' : role !== 'other' && !UNITS.includes(role))) return NONE
  const isCounted = step !== null || epoch !== null
  if (kind !== 'part' && !isCounted && !(kind === 'error' && hasErrorOfBothPhases(scalars.map(({ metric }) => metric))))
    return NONE
  if (kind === 'player' && !SIDES_OF_PLAYERS.some((sides) => arePlayers(metric, sides, scalars))) return NONE
  return KINDS.indexOf(kind)
}

/** Whether a metric is of one of two sides, and the record has one of each. */
function arePlayers(metric: string, sides: readonly ReadonlySet<string>[], scalars: readonly Scalar[]): boolean {
  const isOf = (side: ReadonlySet<string>, name: string) =>
    lossKindOf(name) === 'player' && wordsOf(name).some((word) => side.has(word))
  return (
    sides.some((side) => isOf(side, metric)) && sides.every((side) => scalars.some((other) => isOf(side, other.metric)))
  )
}

function withKind(seen: LossesSeen, kind: number, { metric, role }: Scalar): LossesSeen {
  const phase = isOfValidation(metric, role) ? 'validation' : 'training'
  return kind < seen[phase] ? { ...seen, [phase]: kind } : seen
}

function acting(scalar: Scalar, kind: number, { training, validation }: LossesSeen): Scalar {
  const { metric, role } = scalar
  if (kind === NONE || kind === 0) return scalar
  // What a policy's losses are about has rules of its own.
  const ofPolicy = kind === KINDS.indexOf('part') ? policyRoleIn(metric) : null
  if (ofPolicy !== null) return { ...scalar, actsAs: ofPolicy }
  const isHeldOut = isOfValidation(metric, role)
  if (kind > (isHeldOut ? Math.min(training, validation) : training)) return scalar
  // An objective is raised: what is known of how a loss falls does not hold for it.
  const actsAs: Role = role === 'objective' ? role : isHeldOut ? 'val_loss' : 'train_loss'
  return role === 'other' ? { ...scalar, role: actsAs } : { ...scalar, actsAs }
}

/** What the losses have in common that may act together: their kind, and their phase. Null for what is no loss by its name. */
export function actingGroupOf(metric: string): string | null {
  const kind = lossKindOf(metric)
  return kind === null ? null : `${kind} ${isOfValidation(metric, 'other') ? 'validation' : 'training'}`
}

function isOfValidation(metric: string, role: Role): boolean {
  return role === 'val_loss' || (role !== 'train_loss' && (barePhaseOf(metric) ?? phaseOf(metric)) === 'validation')
}
