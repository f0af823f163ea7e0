import { isLossRole } from '../records/fields.ts'
import type { ScalarsRecord } from '../records/format.ts'
import { SteadyWay } from '../records/way-down.ts'
import { missingLoss, shapeAfter } from './hidden-shape.ts'
import { type HiddenState, isNanCounter } from './hidden-values.ts'

/** Records with the same metrics: the finite values of each of them, no loss among them 0, and what counts the records. */
interface RecordColumns {
  readonly record: ScalarsRecord
  readonly values: readonly Float64Array[]
  readonly steps: Float64Array | null
  readonly epochs: Float64Array | null
  readonly length: number
}

/**
 * The state after records that hide nothing, which is the same as after each of them by `hiddenInRecord`; null where one may
 * hide something, or begins anything anew.
 */
export function hiddenAfter(
  state: HiddenState,
  { record, values, steps, epochs, length }: RecordColumns,
): HiddenState | null {
  const { shape, scale, overflows, overflowsSinceLoss = 0 } = state
  if (state.told !== undefined || overflows > 0 || overflowsSinceLoss > 0) return null
  const after = shapeAfter(shape, record)
  const isRegular = after.names === shape.names && after.inARow === shape.inARow
  if (!isRegular || after.epoch !== shape.epoch || after.epochsInARow !== shape.epochsInARow) return null
  const valuesOf = (role: string) => values[record.scalars.findIndex((scalar) => scalar.role === role)]
  const counters = record.scalars.flatMap(({ metric }, at) => (isNanCounter(metric) ? [{ metric, at }] : []))
  if (counters.some(({ metric, at }) => state.counts[metric] !== values[at]![0])) return null
  if (valuesOf('loss_scale')?.every((value) => value === scale) === false) return null
  if (!record.scalars.some(({ role }) => isLossRole(role)) && missingLoss(shape, record) !== null) return null
  const last = length - 1
  const next = { ...state, step: steps === null ? null : steps[last]!, epoch: epochs === null ? null : epochs[last]! }
  const losses = valuesOf('train_loss')
  if (losses === undefined) return next
  const { metric, role } = record.scalars.find((scalar) => scalar.role === 'train_loss')!
  let { loss, repeats } = state
  const isBesideGradient = valuesOf('grad_norm') !== undefined
  if (isBesideGradient && state.way === undefined) return null
  const way = isBesideGradient ? new SteadyWay(state.way!) : null
  // By index: an iterator makes an object for each value.
  for (let row = 0; row < length; row++) {
    const value = losses[row]!
    repeats = value === loss ? repeats + 1 : 0
    loss = value
    way?.fold(Math.abs(value))
  }
  return {
    ...next,
    metric,
    role,
    loss,
    lossBeforeZeros: loss,
    repeats,
    zeros: 0,
    way: way?.way ?? state.way,
    overflows: 0,
    overflowsSinceLoss: 0,
  }
}
