import { type MetricValue, metricValue } from '../../../protocol/value.ts'
import { NumberArray, type RecordValue } from '../../literals/record-value.ts'
import { fieldOf, isPlainRole, phaseOf } from '../../records/fields.ts'
import type { LogRecord, ParseResult } from '../../records/format.ts'
import { SKIP } from '../../records/format.ts'
import { batchFields, isLabelName, isPredictionName, knownName, WEIGHTS } from '../../records/prediction-fields.ts'
import { RecordBuilder } from '../../records/record-builder.ts'
import { lossesOf, readPredictions, withSequences } from './prediction-record.ts'

/** What a file says of its arrays beside them. */
export interface DumpContext {
  readonly offset: number
  /** The step that the file as a whole counts, for arrays that hold none. */
  readonly step: number | null
}

/** The label by which PyTorch's losses leave a row out, and the measures with them. */
const IGNORED_LABEL = -100

/** Whether an array of this name is worth reading: predictions, labels, or what belongs to a batch of them. */
export function isBatchName(name: string): boolean {
  if (isPredictionName(name) || isLabelName(name) || name === IGNORE_INDEX) return true
  const field = fieldOf(name)
  return field.kind === 'step' || field.kind === 'epoch' || (field.kind === 'metric' && !isPlainRole(field.role))
}

/** Whether there are names of predictions and of labels among `names`, which makes a file of arrays a dump. */
export function isPredictionDump(names: Iterable<string>): boolean {
  let hasPredictions = false
  let hasLabels = false
  for (const name of names) {
    hasPredictions ||= isPredictionName(name)
    hasLabels ||= isLabelName(name)
  }
  return hasPredictions && hasLabels
}

/** Whether a file is called what people call one of predictions. */
export function isPredictionFile(name: string): boolean {
  return ['pred', 'prob', 'logit', 'oof'].some((word) => name.toLowerCase().includes(word))
}

/**
 * The batches that named arrays are, in the order of the rows.
 *
 * Arrays with one item for the whole file say its step and its loss. A step, an
 * epoch or a loss for each item along the first axis of the predictions parts
 * them: items that follow each other and have the same step are one batch.
 */
export function readDump(arrays: ReadonlyMap<string, NumberArray>, context: DumpContext): ParseResult {
  const named = new Map<string, NumberArray>()
  const ofValidation = new Set<string>()
  for (const [name, array] of arrays) {
    const known = knownName(name)
    if (named.has(known)) continue
    named.set(known, array)
    if (known !== name && phaseOf(name) === 'validation') ofValidation.add(known)
  }
  const fields = batchFields(Object.fromEntries(named))
  if (fields === null || fields.labels === null) return SKIP
  const predictions = named.get(fields.predictions)!
  const isOfValidation = ofValidation.has(fields.predictions)
  const labels = withIgnored(named.get(fields.labels)!, named.get(IGNORE_INDEX)?.values[0])
  const items = predictions.shape[0] ?? 1

  const columns = [...named].filter(([name]) => name !== fields.predictions && name !== fields.labels)
  const isPerItem = ([, { shape }]: [string, NumberArray]) => shape[0] === items && items > 1
  const perItem = columns.filter(isPerItem).filter(([name, array]) => array.shape.length === 1 && isBatchName(name))
  const isPerLoss = perItem.length > 0 && !perItem.some(isCounter) && predictions.shape.length > 2
  const parts = labels.shape[0] === items ? partsOf(perItem, isPerLoss, items) : [{ from: 0, to: items }]

  const records: LogRecord[] = []
  for (const { from, to } of parts) {
    const builder = new RecordBuilder()
    for (const [name, array] of columns) {
      if (array.values.length === 1) addValue(builder, name, array.values[0]!)
    }
    for (const [name, { values }] of perItem) {
      if (isSameAll(values, from, to)) addValue(builder, name, values[from]!)
    }
    const part: Record<string, RecordValue> = {
      [fields.predictions]: parts.length === 1 ? predictions : predictions.slice(from, to),
      [fields.labels]: parts.length === 1 ? labels : labels.slice(from, to),
    }
    for (const name of WEIGHTS.keys()) {
      const weights = named.get(name)
      if (weights !== undefined) part[name] = parts.length === 1 ? weights : weightsIn(weights, items, from, to)
    }
    builder.step ??= isPerLoss ? from : (context.step ?? wholeEpoch(builder.epoch))
    const reading = readPredictions(part, { ...lossesOf(builder, builder.step), isOfValidation })
    if (reading.kind === 'bad') return { kind: 'reject', reason: 'bad-batch', detail: reading.detail }
    const scalars = withSequences(builder.record(context.offset), reading, {
      offset: context.offset,
      step: builder.step,
    })
    if (scalars !== null) records.push(scalars)
    if (reading.kind === 'batch') records.push({ kind: 'batch', offset: context.offset, batch: reading.batch })
  }
  return records.length === 0 ? SKIP : { kind: 'records', records }
}

/** Weights of the items from `from` to `to`; those of the classes are the same for all. */
function weightsIn(weights: NumberArray, items: number, from: number, to: number): NumberArray {
  return weights.shape[0] === items ? weights.slice(from, to) : weights
}

interface Part {
  readonly from: number
  readonly to: number
}

/** Where the counters change; a loss for each item parts what has rows within its items, as [step, row, class] does. */
function partsOf(perItem: readonly [string, NumberArray][], isPerLoss: boolean, items: number): readonly Part[] {
  const counters = perItem.filter(isCounter)
  const parts: Part[] = []
  let from = 0
  for (let item = 1; item <= Math.max(1, items); item++) {
    const isNext = isPerLoss || counters.some(([, { values }]) => values[item] !== values[from])
    if (item < items && !isNext) continue
    parts.push({ from, to: item })
    from = item
  }
  return parts
}

function isCounter([name]: readonly [string, NumberArray]): boolean {
  return fieldOf(name).kind !== 'metric'
}

function addValue(builder: RecordBuilder, name: string, number: number): void {
  if (!isBatchName(name)) return
  const value: MetricValue = metricValue(number)
  builder.add(name, value, Number.isFinite(number) ? null : String(number))
}

function isSameAll(values: ArrayLike<number>, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (!Object.is(values[i], values[from])) return false
  return true
}

function wholeEpoch(epoch: number | null): number | null {
  return Number.isSafeInteger(epoch) ? epoch : null
}

/** The labels with the one that the file itself says is ignored made the one that is always ignored. */
function withIgnored(labels: NumberArray, ignored: number | undefined): NumberArray {
  if (ignored === undefined || labels.dtype !== null) return labels
  return new NumberArray(
    labels.shape,
    labels.values.map((label) => (label === ignored ? IGNORED_LABEL : label)),
  )
}

const IGNORE_INDEX = 'ignore_index'
