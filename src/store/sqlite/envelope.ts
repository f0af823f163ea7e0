import type Database from 'better-sqlite3'
import type { SeriesInfo } from '../../protocol/run.ts'
import type { EnvelopeAnswer } from '../../protocol/wire.ts'
import { ROLLUP_SAMPLES } from './rollup.ts'
import { fromColumns } from './value-columns.ts'

/** Longer series are read from their roll-ups, because grouping takes a quarter of a microsecond for each row. */
const MOST_GROUPED_SAMPLES = 65_536

/** Neighbouring samples of one attempt, as columns of the answer. */
interface Bucket {
  readonly ordinal: number
  readonly attempt: number
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

interface Summary {
  readonly buckets: readonly Bucket[]
  /** The first non-finite sample of each kind in each bucket. */
  readonly nonFinite: readonly NonFiniteRow[]
}

/** The cast makes the division one of integers: better-sqlite3 binds every number as REAL, and each sample would get a bucket of its own. */
const BUCKET = 'attempt, ordinal / CAST(:size AS INTEGER)'

/**
 * Divides a series into about `buckets` groups of neighbouring samples, each with its extremes.
 *
 * A bucket holds samples of one attempt only, so each further attempt may add
 * one. The first NaN, Infinity and -Infinity of each bucket are given beside them.
 */
export function envelope(db: Database.Database, series: SeriesInfo, buckets: number): EnvelopeAnswer {
  const size = Math.max(1, Math.ceil(series.samples / buckets))
  const isRaw = series.keptFrom === 0 && series.samples <= MOST_GROUPED_SAMPLES
  const summary = isRaw ? fromSamples(db, series, size) : fromRollups(db, series, Math.ceil(size / ROLLUP_SAMPLES))
  return {
    series,
    ordinal: summary.buckets.map((bucket) => bucket.ordinal),
    attempt: summary.buckets.map((bucket) => bucket.attempt),
    fromStep: summary.buckets.map((bucket) => bucket.fromStep),
    toStep: summary.buckets.map((bucket) => bucket.toStep),
    min: summary.buckets.map((bucket) => bucket.min),
    max: summary.buckets.map((bucket) => bucket.max),
    lastOrdinal: summary.buckets.at(-1)?.lastOrdinal ?? -1,
    nonFinite: summary.nonFinite.map((row) => ({ step: row.step, ordinal: row.ordinal, value: fromColumns(row) })),
  }
}

function fromSamples(db: Database.Database, { id }: SeriesInfo, size: number): Summary {
  const buckets = db.prepare<[object], Bucket>(
    `SELECT min(ordinal) AS ordinal, attempt, min(step) AS fromStep, max(step) AS toStep,
       min(value) AS min, max(value) AS max, max(ordinal) AS lastOrdinal
     FROM samples WHERE series_id = :id GROUP BY ${BUCKET} ORDER BY min(ordinal)`,
  )
  const nonFinite = db.prepare<[object], NonFiniteRow>(
    `SELECT step, min(ordinal) AS ordinal, value, kind FROM samples
     WHERE series_id = :id AND kind <> 0 GROUP BY ${BUCKET}, kind ORDER BY min(ordinal)`,
  )
  return { buckets: buckets.all({ id, size }), nonFinite: nonFinite.all({ id, size }) }
}

/** Merges up to `size` neighbouring roll-ups into a bucket. */
function fromRollups(db: Database.Database, { id }: SeriesInfo, size: number): Summary {
  const merged = 'FROM rollups WHERE series_id = :id'
  const group = 'GROUP BY attempt, bucket / CAST(:size AS INTEGER)'
  const buckets = db.prepare<[object], Bucket>(
    `SELECT min(first_ordinal) AS ordinal, attempt, min(min_step) AS fromStep, max(max_step) AS toStep,
       min(min) AS min, max(max) AS max, max(last_ordinal) AS lastOrdinal
     ${merged} ${group} ORDER BY min(first_ordinal)`,
  )
  const firsts = db
    .prepare<[object], (number | null)[]>(
      `SELECT min(first_nan), min(first_infinity), min(first_neg_infinity)
       ${merged} AND nan + infinity + neg_infinity > 0 ${group}`,
    )
    .raw()
  // Non-finite samples are kept for ever.
  const sampleAt = db.prepare<[number, number], NonFiniteRow>(
    'SELECT step, ordinal, value, kind FROM samples WHERE series_id = ? AND ordinal = ?',
  )
  const ordinals = firsts
    .all({ id, size })
    .flat()
    .filter((ordinal) => ordinal !== null)
    .sort((a, b) => a - b)
  return {
    buckets: buckets.all({ id, size }),
    nonFinite: ordinals.flatMap((ordinal) => sampleAt.get(id, ordinal) ?? []),
  }
}
