import type { Dtype, Floats } from '../../kernels/float-type.ts'
import {
  BrokenArray,
  NonFiniteNumber,
  NumberArray,
  type RecordObject,
  type RecordValue,
} from '../../literals/record-value.ts'
import type { Sequences } from '../../measure/aligned-sequences.ts'
import type { PredictionBatch } from '../../measure/prediction-batch.ts'
import { phaseOf } from '../../records/fields.ts'
import type { LogRecord, Scalar } from '../../records/format.ts'
import { isPlainCrossEntropy } from '../../records/loss-terms.ts'
import { batchFields, type NamedKind, WEIGHTS } from '../../records/prediction-fields.ts'
import type { RecordBuilder } from '../../records/record-builder.ts'
import { mayBeClasses, predictionKindOf } from './prediction-kind.ts'
import { sequencesOf } from './sequence-shapes.ts'

export type PredictionReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'batch'; readonly batch: PredictionBatch }
  | { readonly kind: 'sequences'; readonly sequences: Sequences }
  | { readonly kind: 'bad'; readonly detail: string }

type Labels = PredictionBatch['labels']

/** What else the record says that belongs with its predictions. */
interface PredictionContext {
  readonly step: number | null
  readonly reportedLoss: Scalar | null
  readonly validationLoss?: Scalar | null
  /** Whether the name of the array says that it is of held-out data. */
  readonly isOfValidation?: boolean
}

/** What a record says beside its predictions. */
export function lossesOf(record: RecordBuilder, step: number | null): PredictionContext {
  const { loss, validationLoss } = record
  return { step, reportedLoss: partBeside(loss, record) ?? loss ?? onlyPartOf(record), validationLoss }
}

/** The cross-entropy in a record whose training loss holds more than that: it is what the predictions give. */
function partBeside(loss: Scalar | null, { scalars }: RecordBuilder): Scalar | null {
  if (loss?.role !== 'train_loss' || isPlainCrossEntropy(loss.metric)) return null
  const isPart = ({ metric, role }: Scalar) =>
    (role === 'train_loss' || role === 'loss_part') && phaseOf(metric) !== 'validation' && isPlainCrossEntropy(metric)
  return scalars.find(isPart) ?? null
}

/** The only part of a loss that a record without a whole one has: it is its loss. */
function onlyPartOf({ scalars }: RecordBuilder): Scalar | null {
  const parts = scalars.filter(({ role }) => role === 'loss_part')
  return parts.length === 1 ? parts[0]! : null
}

/** Losses that a record of a single sample repeats from its batch. */
const LOSS_OF_MANY = /batch|epoch|avg|average|mean/i

/**
 * Reads the predictions and labels of one record, for one sample or for many.
 *
 * The last axis of the predictions is the classes, all before it are rows: a
 * language model's [batch, position, vocabulary] has batch × position rows.
 * Labels with one axis less are class indices, kept as they are, −100 and NaN
 * included; labels of the same shape are distributions. A list of n numbers
 * with n labels, and n rows of one number, are a binary model with one column.
 */
export function readPredictions(record: RecordObject, context: PredictionContext): PredictionReading {
  const reading = readArrays(record)
  if (reading.kind !== 'arrays') return reading
  const { arrays } = reading
  const { reportedLoss, validationLoss = null, isOfValidation = false } = context
  // What is predicted of held-out data says nothing about the training loss beside it.
  const isOfOther = isOfValidation && reportedLoss !== null && phaseOf(reportedLoss.metric) === 'training'
  const own = isOfOther ? validationLoss : reportedLoss
  const other = isOfOther ? null : reportedFor(arrays.n, validationLoss)
  const batch = {
    ...settle(arrays, context.step ?? arrays.epoch, reportedFor(arrays.n, own)),
    ...(other !== null && { validationLoss: other }),
    ...(isOfValidation && { isOfValidation }),
  }
  const weights = weightsOf(record, batch)
  return { kind: 'batch', batch: weights === null ? batch : { ...batch, weights } }
}

/** The weights of the batch's rows or classes; null where there are none, or not as many as there should be. */
function weightsOf(record: RecordObject, { n, k }: PredictionBatch): Required<PredictionBatch>['weights'] | null {
  for (const [name, of] of WEIGHTS) {
    const weights = Object.hasOwn(record, name) ? record[name] : null
    if (!(weights instanceof NumberArray)) continue
    const count = { rows: n, classes: Math.max(2, k), positives: k }[of]
    if (weights.values.length === count) return { of, values: weights.values }
  }
  return null
}

/** Predictions paired with their labels, before it is settled what they are. */
export interface PredictionArrays {
  readonly kind: NamedKind
  readonly dtype: Dtype | null
  readonly n: number
  readonly k: number
  readonly values: Floats
  readonly labels: Labels
  /** The epoch that the name of the predictions counts. */
  readonly epoch: number | null
  /** Whether the record speaks of a single sample, by the shape of its predictions. */
  readonly isSample: boolean
}

export type ArraysReading =
  | Exclude<PredictionReading, { kind: 'batch' }>
  | { readonly kind: 'arrays'; readonly arrays: PredictionArrays }

/** A record with the sequences that stand beside its metrics. */
export function withSequences(
  record: LogRecord | null,
  reading: PredictionReading,
  { offset, step }: { readonly offset: number; readonly step: number | null },
): LogRecord | null {
  if (reading.kind !== 'sequences') return record
  const { sequences } = reading
  if (record?.kind === 'scalars') return { ...record, sequences }
  return { kind: 'scalars', offset, step, epoch: null, time: null, scalars: [], sequences }
}

/** Finds the predictions and labels of a record by their names, and pairs them by their shapes. */
export function readArrays(record: RecordObject): ArraysReading {
  const fields = batchFields(record)
  if (fields === null) return { kind: 'none' }
  const values = record[fields.predictions]!
  if (fields.labels === null) {
    // A number alone says too little: `p` is often a p-value.
    return values instanceof NumberArray && fields.kind !== null
      ? bad(`${fields.predictions} without labels`)
      : { kind: 'none' }
  }
  const array = asArray(values)
  const labelArray = asArray(record[fields.labels]!)
  if (array === null || labelArray === null) return { kind: 'none' }
  if (array instanceof BrokenArray) return bad(`${fields.predictions}: ${array.problem}`)
  if (labelArray instanceof BrokenArray) return bad(`${fields.labels}: ${labelArray.problem}`)
  if (array.values.length === 0) {
    // A batch of no samples is where a mean becomes 0/0; the loss beside it tells.
    return labelArray.values.length === 0 ? { kind: 'none' } : bad(`${fields.predictions} holds no numbers`)
  }

  const paired = pair(array, labelArray)
  if (paired === null) {
    const [given, expected] = [array, labelArray].map(shapeText)
    const shapes = `${fields.labels} of shape ${expected} beside ${fields.predictions} of shape ${given}`
    const sequences = sequencesOf(array, labelArray, shapes)
    if (sequences !== null) return { kind: 'sequences', sequences }
    return bad(`${fields.labels} of shape ${expected} do not fit ${fields.predictions} of shape ${given}`)
  }
  const { kind, epoch } = fields
  const n = array.values.length / paired.k
  const isSample = n === 1 && array.shape.length < 2
  return { kind: 'arrays', arrays: { kind, dtype: array.dtype, n, ...paired, values: array.values, epoch, isSample } }
}

/** The batch that arrays are. What its numbers and labels mean may take the other batches of its file to tell. */
export function settle(
  arrays: Omit<PredictionArrays, 'epoch' | 'isSample'>,
  step: number | null,
  reportedLoss: PredictionBatch['reportedLoss'],
): PredictionBatch {
  const { dtype, n, k, values, labels } = arrays
  // A class that was guessed is stored as a whole number, where binary files tell such from others.
  const areClasses = arrays.kind === null && dtype === null && k === 1 && mayBeClasses(values)
  const isStated = arrays.kind !== null && arrays.kind !== 'score'
  return {
    step,
    kind: isStated ? arrays.kind : predictionKindOf(values, n, k),
    ...(!isStated && { isKindGuessed: true }),
    ...(areClasses && { mayBeClasses: true }),
    ...(dtype !== null && { dtype }),
    n,
    k,
    labels,
    values,
    reportedLoss,
  }
}

function reportedFor(n: number, loss: Scalar | null): PredictionBatch['reportedLoss'] {
  return loss === null || (n === 1 && LOSS_OF_MANY.test(loss.metric)) ? null : loss.value
}

/** A single number is an array without an axis. */
function asArray(value: RecordValue): NumberArray | BrokenArray | null {
  if (value instanceof NumberArray || value instanceof BrokenArray) return value
  const number = value instanceof NonFiniteNumber ? Number(value.value) : value
  return typeof number === 'number' ? new NumberArray([], Float64Array.of(number)) : null
}

/** The number of classes, and the labels row by row; null when the shapes do not go together. */
function pair(predictions: NumberArray, labels: NumberArray): { readonly k: number; readonly labels: Labels } | null {
  const { shape } = predictions
  const k = shape.at(-1) ?? 1
  const rows = shape.slice(0, -1)
  const isColumn = k === 1 && shape.length > 1
  if (isSame(labels.shape, shape)) {
    return shape.length > 1 && !isColumn ? { k, labels: soft(labels) } : { k: 1, labels: ofOneColumn(labels) }
  }
  if (isSame(labels.shape, rows) || isSame(labels.shape, [...rows, 1])) {
    return { k, labels: k === 1 ? ofOneColumn(labels) : hard(labels) }
  }
  return isSame(labels.shape, [...shape, 1]) ? { k: 1, labels: ofOneColumn(labels) } : null
}

/** With one column a whole number is the class, and a fraction the probability of class 1. */
function ofOneColumn(labels: NumberArray): Labels {
  return labels.values.some((label) => Number.isFinite(label) && !Number.isInteger(label)) ? soft(labels) : hard(labels)
}

function hard({ values }: NumberArray): Labels {
  return { kind: 'hard', classes: values }
}

function soft({ values }: NumberArray): Labels {
  return { kind: 'soft', targets: values }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

function shapeText({ shape }: NumberArray): string {
  return `[${shape.join(', ')}]`
}

function bad(detail: string): Extract<PredictionReading, { kind: 'bad' }> {
  return { kind: 'bad', detail }
}
