import { isNanCounter } from '../hidden/hidden-values.ts'
import { FINISHED_METRIC } from '../job/finish-words.ts'
import { hasLossOfTraining, type LossesSeen, withActing } from '../records/acting-losses.ts'
import { isLossRole, targetHintIn } from '../records/fields.ts'
import type { Scalar, ScalarsRecord } from '../records/format.ts'

/** Larger values may stand for an infinity. */
const LARGEST = 1e300
/** A step and an epoch. */
const COUNTERS = 2
/** Of more kinds of records in turn, each is looked at by itself. */
export const MOST_KINDS = 64

/** A number of a record: its step, its epoch, or the value of one of its metrics. */
export type RowCell = 'step' | 'epoch' | number

/** Records that follow each other. They say nothing but their counters, their time, and finite values of their metrics. */
export interface RowSource {
  readonly length: number
  /** A record like this one: of the same metrics and counters. Those that are alike have the same, or few of them. */
  kindOf(row: number): ScalarsRecord
  /** Whether a 0 of a metric tells to how many decimals it was rounded. */
  tellsDecimals(row: number, at: number): boolean
  /** Writes a number of each of these records, which have the same metrics and counters, into a column. */
  fill(column: Float64Array, rows: Int32Array, cell: RowCell): void
  recordOf(row: number): ScalarsRecord
  timeOf(row: number): string | null
  offsetOf(row: number): number
  /** The line in which a record ends; '' where it stands in none. */
  textOf(row: number): string
}

/** How records of one kind are judged, which is settled for their file. */
export interface RowPlan {
  /** One of them, as it is judged. */
  readonly record: ScalarsRecord
  /** What those have in common that may stand in the same columns. */
  readonly shape: string
}

/** The plan for records of a kind; null where more than numbers may change from one to the next. */
function planOf(kind: ScalarsRecord, losses: LossesSeen): RowPlan | null {
  const { kind: _, offset: _offset, step: _step, epoch: _epoch, time: _time, scalars: _scalars, ...extras } = kind
  if (Object.keys(extras).length > 0 || !hasLossOfTraining(losses)) return null
  const { seen, record } = withActing(losses, kind)
  if (seen !== losses || record.kind !== 'scalars') return null
  const names = new Set(record.scalars.map(({ metric }) => metric))
  const hasLoss = record.scalars.some(({ role }) => isLossRole(role))
  const isCalm = record.scalars.every(
    ({ metric, role }) =>
      role !== 'reward' &&
      !(role === 'other' && targetHintIn(metric) === 'score') &&
      !metric.endsWith(FINISHED_METRIC) &&
      (hasLoss || !metric.endsWith('iterations')),
  )
  if (!isCalm || names.size < record.scalars.length) return null
  const counters = `${record.step === null ? '' : 'step'} ${record.epoch === null ? '' : 'epoch'}`
  const metrics = record.scalars.map(({ metric, role, actsAs = role }) => `${role} ${actsAs} ${metric}`)
  return { record, shape: [counters, ...metrics].join('\n') }
}

/** The plans of the kinds of records of a file, each made once for what its losses show. */
export class RowPlans {
  #losses: LossesSeen | null = null
  readonly #known = new Map<ScalarsRecord, RowPlan | null>()

  of(kind: ScalarsRecord, losses: LossesSeen): RowPlan | null {
    if (losses !== this.#losses) this.#known.clear()
    this.#losses = losses
    const known = this.#known.get(kind)
    const plan = known === undefined ? planOf(kind, losses) : known
    this.#known.set(kind, plan)
    return plan
  }
}

/** Records of the same metrics and counters, as columns: every value is finite, and each step is above the one before. */
export interface CalmRows {
  readonly plan: RowPlan
  readonly source: RowSource
  /** Where they stand in the source, in ascending order. */
  readonly rows: Int32Array
  readonly length: number
  /** Null where the records have none. */
  readonly steps: Float64Array | null
  readonly epochs: Float64Array | null
  /** Of each metric of the records. */
  readonly values: readonly Float64Array[]
}

/** Neighbouring records of one or more kinds, no two of which have a metric in common. */
export interface CalmStretch {
  readonly source: RowSource
  readonly from: number
  readonly length: number
  readonly kinds: readonly CalmRows[]
  /** Of each record which kind it is of, and which of those. */
  readonly kindOf: Uint8Array
  readonly indexOf: Int32Array
}

/** The rows of one kind, while they are gathered. */
interface GatheredRows {
  readonly plan: RowPlan
  readonly rows: number[]
  tellsDecimals: readonly boolean[]
}

/** How many rows from one on, of so many at most, may be judged together: up to the first of a kind that may not, or that has a metric in common with another one. */
export function calmReach(
  plans: (kind: ScalarsRecord) => RowPlan | null,
  source: RowSource,
  from: number,
  most: number,
): number {
  const kinds = new Set<ScalarsRecord>()
  const shapes = new Set<string>()
  const metrics = new Set<string>()
  let last: ScalarsRecord | null = null
  for (let length = 0; length < most; length++) {
    const kind = source.kindOf(from + length)
    if (kind === last || kinds.has(kind)) continue
    last = kind
    kinds.add(kind)
    const plan = plans(kind)
    if (plan === null) return length
    if (shapes.has(plan.shape)) continue
    shapes.add(plan.shape)
    for (const { metric } of plan.record.scalars) if (metrics.has(metric)) return length
    for (const { metric } of plan.record.scalars) metrics.add(metric)
  }
  return most
}

/** Rows that may be judged together as columns; null where one of them is to be looked at by itself. */
export function calmStretch(
  plans: (kind: ScalarsRecord) => RowPlan | null,
  source: RowSource,
  from: number,
  length: number,
): CalmStretch | null {
  const found: GatheredRows[] = []
  const ofKinds = new Map<ScalarsRecord, GatheredRows>()
  let last: ScalarsRecord | null = null
  for (let row = from; row < from + length; row++) {
    const kind = source.kindOf(row)
    if (kind === last || ofKinds.has(kind)) continue
    last = kind
    const plan = plans(kind)
    if (plan === null) return null
    const tellsDecimals = plan.record.scalars.map((_, at) => source.tellsDecimals(row, at))
    const known = found.find((other) => other.plan.shape === plan.shape)
    if (known !== undefined) known.tellsDecimals = known.tellsDecimals.map((tells, at) => tells || tellsDecimals[at]!)
    const gathered = known ?? { plan, rows: [], tellsDecimals }
    if (known === undefined) found.push(gathered)
    ofKinds.set(kind, gathered)
  }
  const [only] = found
  if (only !== undefined && found.length === 1) {
    const rows = calmRows(only, source, ascending(from, length))
    return rows && { source, from, length, kinds: [rows], kindOf: zeros(length), indexOf: ascending(0, length) }
  }
  const kindOf = new Uint8Array(length)
  const indexOf = new Int32Array(length)
  for (let at = 0; at < length; at++) {
    const gathered = ofKinds.get(source.kindOf(from + at))!
    kindOf[at] = found.indexOf(gathered)
    indexOf[at] = gathered.rows.push(from + at) - 1
  }
  const kinds = found.map((gathered) => calmRows(gathered, source, Int32Array.from(gathered.rows)))
  return kinds.every((rows) => rows !== null) ? { source, from, length, kinds, kindOf, indexOf } : null
}

/** Most stretches are of one kind: what says so is the same memory for all of them, for new pieces are dear. */
let ascendingNumbers = new Int32Array(0)
let noughts = new Uint8Array(0)

function ascending(from: number, length: number): Int32Array {
  if (ascendingNumbers.length < from + length)
    ascendingNumbers = Int32Array.from({ length: 2 * (from + length) }, (_, number) => number)
  return ascendingNumbers.subarray(from, from + length)
}

function zeros(length: number): Uint8Array {
  if (noughts.length < length) noughts = new Uint8Array(2 * length)
  return noughts.subarray(0, length)
}

function calmRows({ plan, tellsDecimals }: GatheredRows, source: RowSource, rows: Int32Array): CalmRows | null {
  const { record } = plan
  const { length } = rows
  // One piece of memory for all columns: the columns of a log are many, and each of its own would be dear.
  const all = new Float64Array(length * (record.scalars.length + COUNTERS))
  let taken = 0
  const column = (cell: RowCell): Float64Array => {
    const values = all.subarray(taken, taken + length)
    taken += length
    source.fill(values, rows, cell)
    return values
  }
  const steps = record.step === null ? null : column('step')
  const epochs = record.epoch === null ? null : column('epoch')
  if (steps !== null && !isRising(steps)) return null
  // A row for each epoch shows by its number that one is missing.
  if (steps !== null && epochs !== null && steps.some((step, row) => step === epochs[row])) return null
  const values = record.scalars.map((_, at) => column(at))
  const isCalm = record.scalars.every((scalar, at) => areCalm(scalar, values[at]!, tellsDecimals[at]!))
  return isCalm ? { plan, source, rows, length, steps, epochs, values } : null
}

function isRising(steps: Float64Array): boolean {
  for (let row = 1; row < steps.length; row++) if (!(steps[row]! > steps[row - 1]!)) return false
  return true
}

function areCalm({ metric, role, actsAs }: Scalar, values: Float64Array, tellsDecimals: boolean): boolean {
  const isLoss = isLossRole(role) || isLossRole(actsAs ?? role)
  const mayBeZero = !isLoss && !tellsDecimals
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if ((value === 0 && !mayBeZero) || !(Math.abs(value) < LARGEST)) return false
  }
  return !isNanCounter(metric) || values.every((value) => value === 0)
}
