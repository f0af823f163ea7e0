import { isObject } from '../../literals/record-value.ts'
import { isoTime } from '../../literals/timestamp.ts'
import { type ParseResult, SKIP } from '../../records/format.ts'
import { metricsOf } from '../../records/object-metrics.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import { hasColumns, SQLITE_NAMES, type TrackerDatabase } from './tracker-database.ts'

/** The database of one project of Trackio: a row per step, with its metrics as JSON. */
export const trackio: TrackerDatabase = {
  name: 'trackio',
  about: "Trackio's SQLite database: a row per step, with its metrics as JSON.",
  example: '~/.cache/huggingface/trackio/my-project.db',
  names: SQLITE_NAMES,
  refusal: null,
  table: 'metrics',
  recognises: (tables) => hasColumns(tables, 'metrics', ['id', 'timestamp', 'run_name', 'step', 'metrics']),

  runsSql: 'SELECT run_name AS key, run_name AS name FROM metrics GROUP BY run_name ORDER BY min(id)',

  // The plus keeps SQLite from an index whose order is not that of the ids.
  rowsSql: `
    SELECT id AS rowid, timestamp, step, metrics FROM metrics
    WHERE +run_name = @run AND id > @after ORDER BY id LIMIT @limit`,

  joins: () => false,

  parse([row]): ParseResult {
    if (row === undefined || typeof row['metrics'] !== 'string') return SKIP
    const parsing = parsePythonJson(row['metrics'])
    if (!parsing.ok) return { kind: 'reject', reason: parsing.reason, detail: parsing.detail }
    if (!isObject(parsing.value)) return SKIP
    const builder = metricsOf(parsing.value)
    // The counter of the table is the one that Trackio shows, whatever else was logged.
    builder.step = Number.isSafeInteger(row['step']) ? Number(row['step']) : null
    builder.time = typeof row['timestamp'] === 'string' ? isoTime(row['timestamp']) : null
    const record = builder.record(Number(row['rowid']))
    return record === null ? SKIP : { kind: 'records', records: [record] }
  },
}
