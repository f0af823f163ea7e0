import type { PredictionBatch } from '../../protocol/batch.ts'
import type { Scalar } from './format.ts'
import { batchFields } from './prediction-fields.ts'
import { BrokenArray, NonFiniteNumber, NumberArray, type RecordObject, type RecordValue } from './record-value.ts'

export type PredictionReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'batch'; readonly batch: PredictionBatch }
  | { readonly kind: 'bad'; readonly detail: string }

type Labels = PredictionBatch['labels']

/** What else the record says that belongs with its predictions. */
interface Context {
  readonly step: number | null
  readonly reportedLoss: Scalar | null
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
export function readPredictions(record: RecordObject, context: Context): PredictionReading {
  const fields = batchFields(record)
  if (fields === null) return { kind: 'none' }
  const values = record[fields.predictions]!
  if (fields.labels === null) {
    // A number alone says too little: `p` is often a p-value.
    return values instanceof NumberArray ? bad(`${fields.predictions} without labels`) : { kind: 'none' }
  }
  const array = asArray(values)
  const labelArray = asArray(record[fields.labels]!)
  if (array === null || labelArray === null) return { kind: 'none' }
  if (array instanceof BrokenArray) return bad(`${fields.predictions}: ${array.problem}`)
  if (labelArray instanceof BrokenArray) return bad(`${fields.labels}: ${labelArray.problem}`)
  if (array.values.length === 0) return bad(`${fields.predictions} holds no numbers`)

  const paired = pair(array, labelArray)
  if (paired === null) {
    return bad(
      `${fields.labels} of shape ${shapeText(labelArray)} do not fit ${fields.predictions} of shape ${shapeText(array)}`,
    )
  }
  const { k, labels } = paired
  const n = array.values.length / k
  const { step } = context
  const reportedLoss = reportedFor(n, context.reportedLoss)
  return { kind: 'batch', batch: { step, kind: fields.kind, n, k, values: array.values, labels, reportedLoss } }
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

function bad(detail: string): PredictionReading {
  return { kind: 'bad', detail }
}
