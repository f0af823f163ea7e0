import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { cellsOf, type Header, headerOf, isRow } from '../records/csv-rows.ts'
import { roleOf } from '../records/fields.ts'
import { type Claim, type Format, type LogRecord, type Parsed, type ParseResult, SKIP } from '../records/format.ts'
import { type PredictionColumns, predictionColumns, sampleInRow } from './predictions/prediction-columns.ts'
import { addRow, completeRows, type SampleRows } from './predictions/sample-rows.ts'

/** The header in force, and the rows of the batch that is not complete. */
export type PredictionTableState = {
  readonly header: Header
  readonly columns: PredictionColumns
  readonly rows: SampleRows | null
  /** How many rows of confidences were read: the step of one is its number. */
  readonly row: number
} | null

/** Tables of predictions, a row for each sample: the truth, and a probability, or one for each class. */
export const predictionTable: Format<PredictionTableState> = {
  name: 'prediction-table',
  about:
    'A header, then a row for each sample: its label, or one for each class, and the probability of class 1 or a column for each class; a step or an epoch parts the batches.',
  example: 'step,truth,p0,p1,p2',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (line.length > TEXT_LINE_BYTES) return 'no'
    if (columnsOf(headerOf(line)) !== null) return 'sure'
    const above = previous === null || previous.length > TEXT_LINE_BYTES ? null : headerOf(previous)
    if (above === null || columnsOf(above) === null) return 'no'
    return cellsOf(line, above.separator).length === above.names.length ? 'sure' : 'no'
  },

  start: () => null,

  parse({ text, offset }, state): Parsed<PredictionTableState> {
    const header = headerOf(text)
    const columns = columnsOf(header)
    if (header !== null && columns !== null) {
      return { result: recordsOf(completed(state)), state: { header, columns, rows: null, row: 0 } }
    }
    return state === null ? { result: SKIP, state } : takeRow(text, offset, state)
  },

  finish: (state) => ({
    result: recordsOf(completed(state)),
    state: state === null ? null : { ...state, rows: null },
  }),
}

function columnsOf(header: Header | null): PredictionColumns | null {
  return header === null || header.separator === ' ' ? null : predictionColumns(header.names)
}

function takeRow(text: string, offset: number, state: NonNullable<PredictionTableState>): Parsed<PredictionTableState> {
  const { header, columns, rows } = state
  const cells = cellsOf(text, header.separator)
  if (cells.length !== header.names.length) {
    if (text.trim() === '') return { result: SKIP, state }
    const detail = `${cells.length} cells under a header of ${header.names.length}`
    return { result: { kind: 'reject', reason: 'broken-row', detail }, state }
  }
  if (columns.confidence !== null) return takeConfidence(cells[columns.confidence]!, offset, state)
  const arrays = sampleInRow(columns, cells)
  // A row of words is another table's; one of numbers has been read, though there is nothing to tell of it.
  if (arrays === null) return { result: isRow(cells) ? recordsOf([]) : SKIP, state }
  const step = countIn(cells, columns.step) ?? countIn(cells, columns.epoch)
  const loss = valueIn(cells, columns.loss)
  const taken = addRow(rows, { offset, step, arrays, loss })
  const complete = taken.isFirst ? completed(state) : []
  return { result: recordsOf(complete), state: { ...state, rows: taken.rows } }
}

/** The batch that is complete, below the loss that all its rows repeat. A single row may tell its own. */
function completed(state: PredictionTableState): readonly LogRecord[] {
  const batch = completeRows(state?.rows ?? null)
  if (state?.rows == null || batch.length === 0) return batch
  const { header, columns, rows } = state
  const { loss, isSameLoss, n, offset, step } = rows
  if (columns.loss === null || loss === null || !isSameLoss || n < 2) return batch
  const metric = header.names[columns.loss]!
  const scalars = [{ metric, role: roleOf(metric) ?? 'train_loss', value: loss, raw: isFinite(loss) ? null : loss }]
  return [{ kind: 'scalars', offset, step, epoch: null, time: null, scalars }, ...batch]
}

/** No loss can be told of a confidence without the other classes: it is a metric like any other. */
function takeConfidence(
  cell: string,
  offset: number,
  state: NonNullable<PredictionTableState>,
): Parsed<PredictionTableState> {
  const { header, columns, row } = state
  const number = parseNumber(cell)
  if (number === null) return { result: SKIP, state }
  const metric = header.names[columns.confidence!]!
  const scalars = [{ metric, role: 'other', ...number }] as const
  const record = { kind: 'scalars', offset, step: row, epoch: null, time: null, scalars } as const
  return { result: recordsOf([record]), state: { ...state, row: row + 1 } }
}

function recordsOf(records: readonly LogRecord[]): ParseResult {
  return { kind: 'records', records }
}

function countIn(cells: readonly string[], column: number | null): number | null {
  const count = Number(valueIn(cells, column) ?? Number.NaN)
  return Number.isSafeInteger(count) ? count : null
}

function valueIn(cells: readonly string[], column: number | null): MetricValue | null {
  return column === null ? null : (parseNumber(cells[column]!)?.value ?? null)
}
