import { type MetricValue, metricValue } from '../../../protocol/value.ts'
import { isoTime } from '../../literals/timestamp.ts'
import { type ParseResult, SKIP } from '../../records/format.ts'
import { RecordBuilder } from '../../records/record-builder.ts'
import { type DatabaseRow, hasColumns, SQLITE_NAMES, type TrackerDatabase } from './tracker-database.ts'

/** What MLflow stores in place of an infinity. */
const LARGEST = Number.MAX_VALUE

/**
 * The database that MLflow keeps runs in unless told otherwise.
 *
 * It has a row for each value. NaN is stored as 0 with a mark beside it, and an
 * infinity as the largest double. Values that were logged together have the same
 * step and time, and follow one another.
 */
export const mlflowDatabase: TrackerDatabase = {
  name: 'mlflow',
  about: "MLflow's SQLite database: a row per value; NaN and infinity are read back from what it stores for them.",
  example: 'mlflow.db',
  names: SQLITE_NAMES,
  refusal: null,
  table: 'metrics',
  recognises: (tables) =>
    hasColumns(tables, 'metrics', ['key', 'value', 'timestamp', 'run_uuid', 'step', 'is_nan']) &&
    hasColumns(tables, 'runs', ['run_uuid', 'name', 'experiment_id', 'lifecycle_stage']) &&
    hasColumns(tables, 'experiments', ['experiment_id', 'name']),

  runsSql: `
    SELECT r.run_uuid AS key, coalesce(e.name || '/', '') || coalesce(nullif(r.name, ''), r.run_uuid) AS name
    FROM runs AS r LEFT JOIN experiments AS e USING (experiment_id)
    WHERE coalesce(r.lifecycle_stage, 'active') <> 'deleted'
    ORDER BY r.rowid`,

  // The plus keeps SQLite from an index whose order is not that of the row ids.
  rowsSql: `
    SELECT rowid, key, value, timestamp, step, is_nan FROM metrics
    WHERE +run_uuid = @run AND rowid > @after ORDER BY rowid LIMIT @limit`,

  joins: (row, before) => row['step'] === before['step'] && row['timestamp'] === before['timestamp'],

  parse(rows): ParseResult {
    const [first] = rows
    if (first === undefined) return SKIP
    const builder = new RecordBuilder()
    for (const row of rows) {
      const { value, raw } = valueOf(row)
      if (typeof row['key'] === 'string') builder.add(row['key'], value, raw)
    }
    builder.step = Number.isSafeInteger(first['step']) ? Number(first['step']) : null
    builder.time = isoTime(Number(first['timestamp']))
    const record = builder.record(Number(first['rowid']))
    return record === null ? SKIP : { kind: 'records', records: [record] }
  },
}

function valueOf({ value, is_nan: isNan }: DatabaseRow): { readonly value: MetricValue; readonly raw: string | null } {
  if (isNan) return { value: 'NaN', raw: 'is_nan' }
  const number = Number(value)
  if (number === LARGEST) return { value: 'Infinity', raw: String(value) }
  if (number === -LARGEST) return { value: '-Infinity', raw: String(value) }
  return { value: metricValue(number), raw: Number.isFinite(number) ? null : String(value) }
}
