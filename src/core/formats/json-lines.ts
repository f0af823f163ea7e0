import {
  type Claim,
  type Format,
  type LogRecord,
  type ParseResult,
  PREDICTION_LINE_BYTES,
  recordsOf,
  SKIP,
} from './format.ts'
import type { Parsing } from './literal-scanner.ts'
import { addPrefix, metricsOf } from './object-metrics.ts'
import { readPredictions } from './prediction-record.ts'
import { parsePythonJson } from './python-json.ts'
import { isObject } from './record-value.ts'

/** One JSON object per line: metrics, a batch of predictions, or both. */
export const jsonLines: Format<null> = {
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
    if (readPredictions(record, { step: null, reportedLoss: null }).kind !== 'none') return 'sure'
    if (builder.scalars.length === 0) return 'no'
    return builder.loss !== null || builder.isStepCertain ? 'sure' : 'hint'
  },

  start: () => null,

  parse(line) {
    return { result: parse(line.text, line.offset), state: null }
  },
}

/** Text before the object, such as fairseq's `2021-03-08 12:34:45 | INFO | train_inner | `. */
const MAX_PREFIX_CHARS = 256

interface Found {
  readonly prefix: string
  readonly parsing: Parsing
}

/** The object that a line consists of, after a prefix at most; null when the line is of another kind. */
function findObject(text: string): Found | null {
  const start = text.charCodeAt(0) === OPEN ? 0 : text.indexOf('{')
  if (start < 0 || start > MAX_PREFIX_CHARS) return null
  if (start === 0) return { prefix: '', parsing: parsePythonJson(text) }
  const prefix = text.slice(0, start)
  const rest = text.slice(start)
  return rest.trimEnd().endsWith('}') ? { prefix, parsing: parsePythonJson(rest) } : null
}

function parse(text: string, offset: number): ParseResult {
  const found = findObject(text)
  if (found === null) return SKIP
  const { prefix, parsing } = found
  if (!parsing.ok) {
    // Only a line that begins like an object of JSON is broken; another may be Python, or prose with a brace.
    const { reason, detail } = parsing
    return /^\s*\{\s*"/.test(text) ? { kind: 'reject', reason, detail } : SKIP
  }
  if (!isObject(parsing.value)) return SKIP

  const builder = metricsOf(parsing.value)
  addPrefix(builder, prefix)
  const records: LogRecord[] = []
  const scalars = builder.record(offset)
  if (scalars !== null) records.push(scalars)

  const predictions = readPredictions(parsing.value, { step: builder.step, reportedLoss: builder.loss })
  if (predictions.kind === 'bad') return { kind: 'reject', reason: 'bad-batch', detail: predictions.detail }
  if (predictions.kind === 'batch') records.push({ kind: 'batch', offset, batch: predictions.batch })
  return recordsOf(records, builder.unread)
}

const OPEN = 0x7b
