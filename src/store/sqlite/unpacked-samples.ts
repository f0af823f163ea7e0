import type Database from 'better-sqlite3'
import { orNull } from '../../chunks/chunk.ts'
import { NO_RAWS, unpackChunk } from '../../chunks/packed-chunk.ts'
import { type ChunkRow, PACKED_COLUMNS, packedOf } from './chunk-columns.ts'
import { droppedSamples } from './samples-view.ts'
import { kindOf } from './value-kinds.ts'

/** Stands for null: a function that gets a null is not asked for its rows. */
const NONE = ''
const COLUMNS = ['ordinal', 'step', 'value', 'kind', 'offset', 'time_ms', 'epoch']

/**
 * Gives a connection, once, a faster `samples` than the one of the database: the table-valued function `unpacked_chunk` takes
 * the packed columns of a chunk apart.
 */
export function unpackSamplesFast(db: Database.Database): void {
  if (db.prepare("SELECT 1 FROM sqlite_temp_schema WHERE name = 'samples'").get() !== undefined) return
  db.table('unpacked_chunk', { columns: COLUMNS, parameters: PACKED_COLUMNS.map(parameterOf), rows: rowsOf })
  const packed = PACKED_COLUMNS.map((column) => `coalesce(chunks.${column}, '${NONE}')`).join(', ')
  db.pragma('query_only = OFF')
  // A view of the connection's own hides the one of the database that has its name.
  db.exec(`
    CREATE TEMP VIEW samples AS
    SELECT chunks.series_id, CAST(single.ordinal AS INTEGER) AS ordinal, chunks.attempt,
      CAST(single.step AS INTEGER) AS step, CAST(single.value AS REAL) AS value, CAST(single.kind AS INTEGER) AS kind,
      CASE WHEN single.kind > 0 THEN (
        SELECT raw FROM non_finite_samples AS odd WHERE odd.series_id = chunks.series_id AND odd.ordinal = single.ordinal
      ) END AS raw,
      CAST(single.offset AS INTEGER) AS offset, CAST(single.time_ms AS INTEGER) AS time_ms, single.epoch
    FROM main.chunks JOIN unpacked_chunk(${packed}) AS single
    WHERE chunks.value_floats IS NOT NULL
    UNION ALL
    ${droppedSamples('odd.time_ms', 'odd.epoch')}`)
  db.pragma('query_only = ON')
}

function* rowsOf(...parameters: unknown[]): Generator<(number | null)[]> {
  const columns = Object.fromEntries(
    PACKED_COLUMNS.map((column, i) => [column, parameters[i] === NONE ? null : parameters[i]]),
  )
  const packed = packedOf({ ...(columns as unknown as ChunkRow), bucket: 0, attempt: 0 })
  if (packed === null) return
  const { ordinals, values, steps, offsets, timesMs, epochs } = unpackChunk(packed, NO_RAWS)
  for (let i = 0; i < ordinals.length; i++) {
    const value = values[i]!
    const kind = kindOf(value)
    yield [
      ordinals[i]!,
      orNull(steps[i]!),
      kind === 0 ? value : null,
      kind,
      orNull(offsets[i]!),
      orNull(timesMs[i]!),
      orNull(epochs[i]!),
    ]
  }
}

/** A parameter is a column of the function too, and may not have the name of another. */
function parameterOf(column: string): string {
  return `of_${column}`
}
