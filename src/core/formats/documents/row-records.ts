import { isObject, type RecordObject, type RecordValue } from '../../literals/record-value.ts'
import { type LogRecord, type ParseResult, type Scalar, SKIP } from '../../records/format.ts'
import { metricsOf } from '../../records/object-metrics.ts'
import { batchFields } from '../../records/prediction-fields.ts'
import type { RecordBuilder } from '../../records/record-builder.ts'
import { lossesOf, readPredictions, withSequences } from '../predictions/prediction-record.ts'
import { scalarAt } from './cells.ts'
import type { Track } from './track.ts'

/** So many rows at the top of a list are looked at to tell whether they are of training. */
export const ROWS_LOOKED_AT = 16

/** A list of objects, each of which is a record: `[{"epoch": 1, "iteration": 2, "main/loss": 0.5}, …]`. */
export interface TrainingRows {
  readonly name: string
  readonly rows: readonly RecordValue[]
  /** Put before the name of each metric, unless it is empty. */
  readonly prefix: string
  /** The byte at which each row begins, where that is known. */
  readonly offsets?: readonly number[]
  /** What a row says that its plain numbers do not. */
  readonly extras?: (row: RecordObject) => readonly Scalar[]
}

interface RowContext extends Required<Pick<TrainingRows, 'prefix' | 'extras'>> {
  readonly offset: number
  readonly position: number | null
}

export function rowTrack({ name, rows, prefix, offsets = [], extras = () => [] }: TrainingRows): Track {
  // Told by the first row alone, so that rows which come later do not change the steps of those before them.
  const first = rows.find(isObject)
  const isCounted = first === undefined || stepOf(metricsOf(first)) !== null
  return {
    name,
    axis: name,
    length: rows.length,

    at(index): ParseResult {
      const row = rows[index]
      if (!isObject(row)) return SKIP
      return rowResult(row, { offset: offsets[index] ?? 0, position: isCounted ? null : index, prefix, extras })
    },
  }
}

/** Reads one row: its metrics, its predictions, or both. `position` is the step of a row that names none. */
export function rowResult(row: RecordObject, { offset, position, prefix, extras }: RowContext): ParseResult {
  const builder = metricsOf(row)
  builder.scalars.push(...extras(row))
  const step = stepOf(builder) ?? position
  const records: LogRecord[] = []
  const predictions = readPredictions(row, lossesOf(builder, step))
  if (predictions.kind === 'bad') return { kind: 'reject', reason: 'bad-batch', detail: predictions.detail }
  const scalars = prefix === '' ? builder.scalars : builder.scalars.map((scalar) => under(prefix, scalar))
  const plain = { kind: 'scalars', offset, step, epoch: builder.epoch, time: builder.time, scalars } as const
  const record = withSequences(scalars.length === 0 ? null : plain, predictions, plain)
  if (record !== null) records.push(record)
  if (predictions.kind === 'batch') records.push({ kind: 'batch', offset, batch: predictions.batch })
  return records.length === 0 ? SKIP : { kind: 'records', records }
}

/** Whether a list holds records of training: a data set is a list of objects too. */
export function areTrainingRows(list: readonly RecordValue[]): boolean {
  return list.slice(0, ROWS_LOOKED_AT).some((row) => {
    if (!isObject(row)) return false
    const builder = metricsOf(row)
    if (builder.scalars.length > 0 && builder.isAboutTraining) return true
    if (batchFields(row) === null) return false
    const reading = readPredictions(row, { step: null, reportedLoss: null })
    return reading.kind === 'batch' && reading.batch.mayBeClasses !== true
  })
}

/** The step of a record; where it counts epochs alone, a whole epoch is the step. */
export function stepOf({ step, epoch }: RecordBuilder): number | null {
  return step ?? (Number.isSafeInteger(epoch) ? epoch : null)
}

function under(prefix: string, { metric, value, raw }: Scalar): Scalar {
  return scalarAt(prefix, metric, { value, raw })
}
