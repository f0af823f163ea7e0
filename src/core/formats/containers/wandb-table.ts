import {
  isObject,
  NonFiniteNumber,
  NumberArray,
  type RecordObject,
  type RecordValue,
} from '../../literals/record-value.ts'
import { isNamed } from '../../reading/name-pattern.ts'
import { stepOfFileName } from '../../records/file-step.ts'
import type { LogRecord } from '../../records/format.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import { type PredictionColumns, predictionColumns, sampleInRow } from '../predictions/prediction-columns.ts'
import { type PredictionArrays, readArrays } from '../predictions/prediction-record.ts'
import { NOTHING_SEEN, type SeenBatches, withoutRepeats } from '../predictions/repeated-batches.ts'
import { addRow, completeRows, type SampleRows } from '../predictions/sample-rows.ts'
import type { Container, FrameResult } from './container.ts'
import { MAX_DUMP_BYTES } from './dump-file.ts'

const NAMES = ['*.table.json']

/** A table of W&B with a row for each sample. */
export const wandbTable: Container<SeenBatches> = {
  name: 'wandb-table',
  about: 'A `wandb.Table` of labels and probabilities, in a column for each class or as lists.',
  example: 'media/table/predictions_120_1f2e3d.table.json',
  names: NAMES,
  framing: 'whole',
  maxFileBytes: MAX_DUMP_BYTES,

  recognises: ({ name, bytes }) => isNamed(name, NAMES) && bytes[0] === OPEN,

  start: () => NOTHING_SEEN,

  parse({ offset, bytes }, seen, name) {
    const parsing = parsePythonJson(new TextDecoder().decode(bytes), Number.POSITIVE_INFINITY)
    if (!parsing.ok) {
      const { reason, detail } = parsing
      return { results: [{ offset, result: { kind: 'reject', reason, detail } }], state: seen }
    }
    const records = recordsOf(parsing.value, offset, tableStep(name))
    const news = withoutRepeats({ kind: 'records', records }, seen)
    const results: readonly FrameResult[] = records.length === 0 ? [] : [{ offset, result: news.result }]
    return { results, state: news.seen }
  },
}

/** `predictions_120_1f2e3d4c.table.json`: W&B puts its own step, and the first digits of a hash, behind the key. */
function tableStep(name: string): number | null {
  const stem = name.slice(0, -'.table.json'.length)
  const parts = stem.split('_')
  const step = parts.at(-2) ?? ''
  return /^\d{1,15}$/.test(step) ? Number(step) : stepOfFileName(`${stem}.json`)
}

function recordsOf(table: RecordValue, offset: number, fileStep: number | null): readonly LogRecord[] {
  if (!isObject(table)) return []
  const { columns: names, data } = table
  if (!Array.isArray(names) || !Array.isArray(data)) return []
  const columns = predictionColumns(names.map(String))
  const records: LogRecord[] = []
  let rows: SampleRows | null = null
  for (const cells of data) {
    const arrays = sampleIn(cells, names.map(String), columns)
    if (arrays === null) continue
    const cell = columns?.step ?? columns?.epoch ?? null
    const counted = cell === null ? Number.NaN : Number(cellsOf(cells)[cell])
    const step: number | null = Number.isSafeInteger(counted) ? counted : fileStep
    const taken = addRow(rows, { offset, step, arrays, loss: null })
    records.push(...taken.complete)
    rows = taken.rows
  }
  return [...records, ...completeRows(rows)]
}

/** The sample in a row: in columns of one number each, or in one of lists. */
function sampleIn(
  row: RecordValue,
  names: readonly string[],
  columns: PredictionColumns | null,
): PredictionArrays | null {
  const cells = cellsOf(row)
  if (cells.length !== names.length) return null
  if (!cells.some(Array.isArray)) return columns === null ? null : sampleInRow(columns, cells.map(textOf))
  const record: RecordObject = Object.fromEntries(names.map((name, i) => [name, arrayOf(cells[i]!)]))
  const reading = readArrays(record)
  return reading.kind === 'arrays' && reading.arrays.isSample ? reading.arrays : null
}

function cellsOf(row: RecordValue): readonly RecordValue[] {
  if (row instanceof NumberArray) return [...row.values]
  return Array.isArray(row) ? row : []
}

function textOf(cell: RecordValue): string {
  if (cell instanceof NonFiniteNumber) return cell.value
  return cell === null ? '' : String(cell)
}

function arrayOf(cell: RecordValue): RecordValue {
  if (!Array.isArray(cell)) return cell
  const numbers = cell.map((item) => Number(item instanceof NonFiniteNumber ? item.value : item))
  return new NumberArray([numbers.length], Float64Array.from(numbers))
}

const OPEN = 0x7b
