import { metricValue } from '../../protocol/value.ts'
import { isObject, NonFiniteNumber, type RecordObject } from '../literals/record-value.ts'
import { splitTime } from '../literals/timestamp.ts'
import { fieldOf, phaseOf } from './fields.ts'
import { pairsOf } from './name-value-pairs.ts'
import { type BatchFields, batchFields } from './prediction-fields.ts'
import { RecordBuilder } from './record-builder.ts'

/**
 * The metrics, step, epoch and time of an object that a log line consists of.
 *
 * Numbers in nested objects are named `outer/inner`. Texts count where they are
 * numbers; booleans, nulls, lists and a batch's predictions and labels do not.
 */
export function metricsOf(record: RecordObject): RecordBuilder {
  const builder = new RecordBuilder()
  addAll(builder, record, phasePrefix(record), batchFields(record))
  return builder
}

/** Adds the time and the counters of the text before an object, such as Composer's `[BATCH][step=2]: `. */
export function addPrefix(builder: RecordBuilder, prefix: string): void {
  if (prefix.trim() === '') return
  const { time, rest } = splitTime(prefix)
  builder.time ??= time
  const hasStep = builder.step !== null
  for (const { name, value } of pairsOf(rest).pairs) {
    const { kind } = fieldOf(name)
    if (kind === 'epoch' || (kind === 'step' && !hasStep)) builder.add(name, value, null)
  }
}

function addAll(builder: RecordBuilder, record: RecordObject, prefix: string, batch: BatchFields | null): void {
  for (const key in record) {
    if (builder.unread !== null) return
    const value = record[key]!
    if (typeof value === 'boolean') continue
    if (batch !== null && batch.labels !== null && (key === batch.predictions || key === batch.labels)) continue
    const name = nameOf(key, record, prefix)
    if (value === null) builder.addBlank(name)
    else if (typeof value === 'number') builder.add(name, metricValue(value), null)
    else if (typeof value === 'string') builder.addText(name, value)
    else if (value instanceof NonFiniteNumber) builder.add(name, value.value, value.raw)
    else if (isObject(value)) {
      const inner = WRAPPERS.has(key.toLowerCase()) ? prefix : `${name}/`
      addAll(builder, isAside(record) ? countersOf(value) : value, inner, null)
    }
  }
}

/** Objects in which loggers put what they are given: the metrics in them have names of their own. */
const WRAPPERS = new Set(['data', 'extra', 'extras', 'payload', 'fields', 'values', 'logs'])

/** Counters keep their own name, wherever they stand: `{"metadata": {"step_num": 7}}`. */
function nameOf(key: string, record: RecordObject, prefix: string): string {
  const own = key === 'value' ? seriesName(record) : key
  if (prefix === '') return own
  const { kind } = fieldOf(own)
  return kind === 'step' || kind === 'epoch' ? own : prefix + own
}

/** Whether an object within the record only says where its value comes from: the `metadata` of MLPerf. */
function isAside(record: RecordObject): boolean {
  return Object.hasOwn(record, 'value') && seriesName(record) !== 'value'
}

function countersOf(record: RecordObject): RecordObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => fieldOf(name).kind !== 'metric'))
}

/** The metric of a record that holds a single one: `{"key": "train_loss", "value": 0.5}`. */
function seriesName(record: RecordObject): string {
  for (const key of ['key', 'metric', 'name', 'tag']) {
    const name = record[key]
    if (typeof name === 'string') return name
  }
  return 'value'
}

/** `val/` for a record that says `"mode": "val"`: its loss is no continuation of the training loss. */
function phasePrefix(record: RecordObject): string {
  for (const key of ['mode', 'split', 'phase', 'stage']) {
    const phase = record[key]
    if (typeof phase === 'string' && phase.length <= 16 && phaseOf(phase) === 'validation') return `${phase}/`
  }
  return ''
}
