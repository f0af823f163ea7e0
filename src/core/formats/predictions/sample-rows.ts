import { type MetricValue, metricValue } from '../../../protocol/value.ts'
import type { LogRecord } from '../../records/format.ts'
import type { NamedKind } from '../../records/prediction-fields.ts'
import { type PredictionArrays, settle } from './prediction-record.ts'

/** One sample of a log that writes a line for each. */
export interface SampleRow {
  readonly offset: number
  readonly step: number | null
  readonly arrays: Pick<PredictionArrays, 'kind' | 'k' | 'values' | 'labels'>
  /** The loss on its line. */
  readonly loss: MetricValue | null
}

/**
 * Samples that follow each other and belong to one step: a batch in the making.
 *
 * Plain JSON, for it is saved with the cursor. The lists may hold more than the
 * first `n` rows: those that were added to a later state, which shares them.
 */
export type SampleRows = {
  /** Of the first sample. */
  readonly offset: number
  readonly step: number | null
  readonly kind: NamedKind
  readonly n: number
  readonly k: number
  readonly isSoft: boolean
  readonly values: readonly MetricValue[]
  readonly labels: readonly MetricValue[]
  /** The loss of the first sample, which is that of the batch while all say the same. */
  readonly loss: MetricValue | null
  readonly isSameLoss: boolean
}

/** A batch has no more rows, and no more numbers, than are quickly saved with the cursor. */
const MAX_ROWS = 1024
const MAX_NUMBERS = 16_384

export interface RowStep {
  readonly rows: SampleRows
  /** The batch that was complete before this sample. */
  readonly complete: readonly LogRecord[]
  /** Whether the sample is the first of its batch. */
  readonly isFirst: boolean
}

/** Adds a sample to those before it, or begins the next batch with it. */
export function addRow(rows: SampleRows | null, row: SampleRow): RowStep {
  const { offset, step, loss, arrays } = row
  const isSoft = arrays.labels.kind === 'soft'
  const labels = Array.from(labelsOf(arrays), metricValue)
  const values = Array.from(arrays.values, metricValue)
  if (rows !== null && belongs(rows, row, isSoft)) {
    const next: SampleRows = {
      ...rows,
      isSoft: rows.isSoft || isSoft,
      n: rows.n + 1,
      values: appended(rows.values, rows.n * rows.k, values),
      labels: appended(rows.labels, rows.n * labels.length, labels),
      isSameLoss: rows.isSameLoss && rows.loss === loss,
    }
    return { rows: next, complete: [], isFirst: false }
  }
  const { kind, k } = arrays
  const first: SampleRows = { offset, step, kind, n: 1, k, isSoft, values, labels, loss, isSameLoss: true }
  return { rows: first, complete: completeRows(rows), isFirst: true }
}

/** The batch that the samples are; none where there are none, or where they are guessed classes. */
export function completeRows(rows: SampleRows | null): readonly LogRecord[] {
  if (rows === null) return []
  const { offset, step, kind, n, k, isSoft, loss, isSameLoss } = rows
  const values = Float64Array.from(rows.values.slice(0, n * k), Number)
  const weights = Float64Array.from(rows.labels.slice(0, isSoft ? n * k : n), Number)
  const labels = isSoft ? ({ kind: 'soft', targets: weights } as const) : ({ kind: 'hard', classes: weights } as const)
  const batch = settle({ kind, dtype: null, n, k, values, labels }, step, isSameLoss ? loss : null)
  return batch.mayBeClasses === true ? [] : [{ kind: 'batch', offset, batch }]
}

function belongs(rows: SampleRows, { step, arrays }: SampleRow, isSoft: boolean): boolean {
  const { kind, k } = arrays
  // Of a single class a share of it may stand beside labels of 0 and 1.
  if (rows.step !== step || rows.kind !== kind || rows.k !== k || (rows.isSoft !== isSoft && k > 1)) return false
  return rows.n < MAX_ROWS && (rows.n + 1) * k <= MAX_NUMBERS
}

function labelsOf({ labels }: SampleRow['arrays']): ArrayLike<number> {
  return labels.kind === 'soft' ? labels.targets : labels.classes
}

/** `list` with more behind its first `length` items. A list that ends there is added to, not copied: a copy for each row costs too much. */
function appended(list: readonly MetricValue[], length: number, more: readonly MetricValue[]): readonly MetricValue[] {
  const own = list.length === length ? (list as MetricValue[]) : list.slice(0, length)
  own.push(...more)
  return own
}
