import type Database from 'better-sqlite3'
import type { SeriesInfo } from '../protocol/run.ts'
import type { EnvelopeAnswer } from '../protocol/wire.ts'
import { fromColumns } from './value-columns.ts'

interface BucketRow {
  readonly fromStep: number | null
  readonly toStep: number | null
  readonly min: number | null
  readonly max: number | null
  readonly lastOrdinal: number
}

interface NonFiniteRow {
  readonly step: number | null
  readonly ordinal: number
  readonly value: null
  readonly kind: number
}

/** better-sqlite3 binds every number as REAL, and a division by one would give each sample a bucket of its own. */
const BUCKET = 'ordinal / CAST(:size AS INTEGER)'

/**
 * A series in at most `buckets` runs of neighbouring samples, each with its
 * extremes. Apart from them, the first NaN, Infinity and -Infinity of each.
 */
export function envelope(db: Database.Database, series: SeriesInfo, buckets: number): EnvelopeAnswer {
  const size = Math.max(1, Math.ceil(series.samples / buckets))
  const rows = db
    .prepare<[object], BucketRow>(
      `SELECT min(step) AS fromStep, max(step) AS toStep, min(value) AS min, max(value) AS max, max(ordinal) AS lastOrdinal
       FROM samples WHERE series_id = :id GROUP BY ${BUCKET} ORDER BY ${BUCKET}`,
    )
    .all({ id: series.id, size })
  const nonFinite = db
    .prepare<[object], NonFiniteRow>(
      `SELECT step, min(ordinal) AS ordinal, value, kind FROM samples
       WHERE series_id = :id AND kind <> 0 GROUP BY ${BUCKET}, kind ORDER BY min(ordinal)`,
    )
    .all({ id: series.id, size })
  return {
    series,
    fromStep: rows.map((row) => row.fromStep),
    toStep: rows.map((row) => row.toStep),
    min: rows.map((row) => row.min),
    max: rows.map((row) => row.max),
    lastOrdinal: rows.at(-1)?.lastOrdinal ?? -1,
    nonFinite: nonFinite.map((row) => ({ step: row.step, ordinal: row.ordinal, value: fromColumns(row) })),
  }
}
