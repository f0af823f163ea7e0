import { isNanCounter } from '../hidden/hidden-values.ts'
import { FINISHED_METRIC } from '../job/finish-words.ts'
import { hasLossOfTraining, type LossesSeen, withActing } from '../records/acting-losses.ts'
import { isLossRole, targetHintIn } from '../records/fields.ts'
import type { Scalar, ScalarsRecord } from '../records/format.ts'
import type { RecordRun } from '../templates/record-run.ts'
import type { Template } from '../templates/template.ts'

/** Larger values may stand for an infinity. */
const LARGEST = 1e300
/** A step and an epoch. */
const COUNTERS = 2

/** How the records that a template reads are judged, which is settled for their file. */
export interface RowPlan {
  readonly template: Template
  /** A record as it is judged, with the numbers of the line that taught the template. */
  readonly record: ScalarsRecord
}

/** The plan for the records of a template; null where more than numbers may change from one to the next. */
function planOf(template: Template, losses: LossesSeen): RowPlan | null {
  if (template.hasExtras || !hasLossOfTraining(losses)) return null
  const { seen, record } = withActing(losses, template.reading.record)
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
  return isCalm && names.size === record.scalars.length ? { template, record } : null
}

/** The plans of the templates of a file, each made once for what its losses show. */
export class RowPlans {
  #losses: LossesSeen | null = null
  readonly #known = new Map<Template, RowPlan | null>()

  of(template: Template, losses: LossesSeen): RowPlan | null {
    if (losses !== this.#losses) this.#known.clear()
    this.#losses = losses
    const known = this.#known.get(template)
    const plan = known === undefined ? planOf(template, losses) : known
    this.#known.set(template, plan)
    return plan
  }
}

/** Records of one template, as columns: every value is finite, and each step is above the one before. */
export interface CalmRows {
  readonly plan: RowPlan
  readonly run: RecordRun
  /** Where they begin in the run. */
  readonly from: number
  readonly length: number
  /** Null where the records have none. */
  readonly steps: Float64Array | null
  readonly epochs: Float64Array | null
  /** Of each metric of the records. */
  readonly values: readonly Float64Array[]
}

/** Rows of a run as columns; null where one of them is to be looked at by itself. */
export function calmRows(plan: RowPlan, run: RecordRun, from: number, length: number): CalmRows | null {
  const { template, record } = plan
  const { reading } = template
  // One piece of memory for all columns: the columns of a log are many, and each of its own would be dear.
  const all = new Float64Array(length * (record.scalars.length + COUNTERS))
  let taken = 0
  const column = (part: number | null, always: number): Float64Array => {
    const values = all.subarray(taken, taken + length)
    taken += length
    if (part === null) return values.fill(always)
    const index = template.numberOf(part)
    for (let row = 0; row < length; row++) values[row] = run.numberIn(from + row, index)
    return values
  }
  const counted = (counter: 'step' | 'epoch') => {
    const always = record[counter]
    return always === null ? null : column(reading[counter]?.index ?? null, always)
  }
  const [steps, epochs] = [counted('step'), counted('epoch')]
  if (steps !== null && !isRising(steps)) return null
  // A row for each epoch shows by its number that one is missing.
  if (steps !== null && epochs !== null && steps.some((step, row) => step === epochs[row])) return null
  const values = record.scalars.map((scalar, at) => column(reading.scalars[at]!.part, Number(scalar.value)))
  const isCalm = record.scalars.every((scalar, at) => areCalm(scalar, values[at]!, reading.scalars[at]!.tellsDecimals))
  return isCalm ? { plan, run, from, length, steps, epochs, values } : null
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
