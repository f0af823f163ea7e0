import type { Parsing } from '../literals/literal-scanner.ts'
import { isObject, type RecordObject } from '../literals/record-value.ts'
import { isPlainRole } from '../records/fields.ts'
import {
  type Claim,
  type Format,
  type LogRecord,
  type Parsed,
  type ParseResult,
  PREDICTION_LINE_BYTES,
  recordsOf,
  SKIP,
} from '../records/format.ts'
import { addPrefix, metricsOf } from '../records/object-metrics.ts'
import { parsePythonJson } from '../records/python-json.ts'
import type { RecordBuilder } from '../records/record-builder.ts'
import { lmEvalSample } from './predictions/lm-eval.ts'
import {
  lossesOf,
  type PredictionArrays,
  readArrays,
  readPredictions,
  withSequences,
} from './predictions/prediction-record.ts'
import { addRow, completeRows, type SampleRows } from './predictions/sample-rows.ts'

/** One JSON object per line: metrics, a batch of predictions, or both. */
export const jsonLines: Format<SampleRows | null> = {
  name: 'json-lines',
  about:
    'One JSON object per line, with metrics, predictions or both; bare NaN and Infinity are read as Python writes them.',
  example: '{"step": 120, "loss": NaN, "grad_norm": 3.5, "lr": 0.001}',
  maxLineBytes: PREDICTION_LINE_BYTES,

  claim(line): Claim {
    const found = findObject(line)
    if (!found?.parsing.ok || !isObject(found.parsing.value)) return 'no'
    const record = found.parsing.value
    const builder = metricsOf(record)
    if (readArrays(record).kind !== 'none' || lmEvalSample(record) !== null) return 'sure'
    if (builder.scalars.length === 0) return 'no'
    return builder.loss !== null || builder.isStepCertain ? 'sure' : 'hint'
  },

  broken(line) {
    const { result } = parse(line.text, line.offset, null)
    return result.kind === 'reject' ? result : null
  },

  start: () => null,

  parse: ({ text, offset }, rows) => parse(text, offset, rows),

  finish: (rows) => ({ result: { kind: 'records', records: completeRows(rows) }, state: null }),
}

/** Text before the object, such as fairseq's `2021-03-08 12:34:45 | INFO | train_inner | `. */
const MAX_PREFIX_CHARS = 256

interface FoundObject {
  readonly prefix: string
  readonly parsing: Parsing
}

/** The object that a line consists of, after a prefix at most; null when the line is of another kind. */
function findObject(text: string): FoundObject | null {
  const start = text.charCodeAt(0) === OPEN ? 0 : text.indexOf('{')
  if (start < 0 || start > MAX_PREFIX_CHARS) return null
  if (start === 0) return { prefix: '', parsing: parsePythonJson(text) }
  const prefix = text.slice(0, start)
  const rest = text.slice(start)
  return rest.trimEnd().endsWith('}') ? { prefix, parsing: parsePythonJson(rest) } : null
}

function parse(text: string, offset: number, rows: SampleRows | null): Parsed<SampleRows | null> {
  const found = findObject(text)
  if (found === null) return { result: SKIP, state: rows }
  const { prefix, parsing } = found
  if (!parsing.ok) {
    // Only a line that begins like an object of JSON is broken; another may be Python, or prose with a brace.
    const { reason, detail } = parsing
    const result: ParseResult = /^\s*\{\s*"/.test(text) ? { kind: 'reject', reason, detail } : SKIP
    return { result, state: rows }
  }
  if (!isObject(parsing.value)) return { result: SKIP, state: rows }

  const builder = metricsOf(parsing.value)
  addPrefix(builder, prefix)
  const arrays = sampleOf(parsing.value)
  if (arrays !== null) return takeSample(arrays, builder, offset, rows)

  const predictions = readPredictions(parsing.value, lossesOf(builder, builder.step))
  if (predictions.kind === 'bad') {
    return { result: { kind: 'reject', reason: 'bad-batch', detail: predictions.detail }, state: rows }
  }
  const records: LogRecord[] = []
  const scalars = withSequences(builder.record(offset), predictions, { offset, step: builder.step })
  if (scalars !== null) records.push(scalars)
  if (predictions.kind === 'batch') records.push({ kind: 'batch', offset, batch: predictions.batch })
  return { result: recordsOf(records, builder.unread), state: rows }
}

function sampleOf(record: RecordObject): PredictionArrays | null {
  const reading = readArrays(record)
  if (reading.kind === 'arrays') return reading.arrays.isSample ? reading.arrays : null
  return lmEvalSample(record)
}

/** A line for each sample repeats the loss of its batch, and has an id: neither is told again for each. */
function takeSample(
  arrays: PredictionArrays,
  builder: RecordBuilder,
  offset: number,
  rows: SampleRows | null,
): Parsed<SampleRows> {
  const step = builder.step ?? wholeNumber(builder.epoch) ?? arrays.epoch
  const loss = builder.loss?.value ?? null
  const taken = addRow(rows, { offset, step, arrays, loss })
  const isNews = taken.isFirst ? builder.scalars.some(({ role }) => !isPlainRole(role)) : loss !== taken.rows.loss
  const scalars = isNews ? builder.record(offset) : null
  const records = scalars === null ? taken.complete : [...taken.complete, scalars]
  return { result: { kind: 'records', records }, state: taken.rows }
}

function wholeNumber(epoch: number | null): number | null {
  return Number.isSafeInteger(epoch) ? epoch : null
}

const OPEN = 0x7b
