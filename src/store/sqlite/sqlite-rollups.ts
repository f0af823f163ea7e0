import type Database from 'better-sqlite3'
import { addSample, bucketOf, emptyRollup, ROLLUP_SAMPLES, type RolledSample, type Rollup } from './rollup.ts'

/** The columns of `rollups`, by the fields of a Rollup. */
const COLUMNS: Readonly<Record<keyof Rollup, string>> = {
  bucket: 'bucket',
  attempt: 'attempt',
  firstOrdinal: 'first_ordinal',
  lastOrdinal: 'last_ordinal',
  minStep: 'min_step',
  maxStep: 'max_step',
  finite: 'finite',
  min: 'min',
  max: 'max',
  first: 'first',
  last: 'last',
  sum: 'sum',
  nan: 'nan',
  infinity: 'infinity',
  negInfinity: 'neg_infinity',
  firstNan: 'first_nan',
  firstInfinity: 'first_infinity',
  firstNegInfinity: 'first_neg_infinity',
  badStep: 'bad_step',
  crc: 'crc',
}

/** The list of columns to select for a Rollup. */
export const ROLLUP_COLUMNS = Object.entries(COLUMNS)
  .map(([field, column]) => `${column} AS ${field}`)
  .join(', ')

const SAMPLES_OF_BUCKET = `SELECT ordinal, attempt, step, value, kind, raw, offset FROM samples
  WHERE series_id = :seriesId AND ordinal >= :from AND ordinal < :until ORDER BY ordinal`

/** Keeps the roll-ups in step with the samples that they summarise. */
export function sqliteRollups(db: Database.Database) {
  const get = db.prepare<[object], Rollup>(
    `SELECT ${ROLLUP_COLUMNS} FROM rollups WHERE series_id = :seriesId AND bucket = :bucket AND attempt = :attempt`,
  )
  const put = db.prepare(
    `INSERT OR REPLACE INTO rollups (series_id, ${Object.values(COLUMNS).join(', ')})
     VALUES (:seriesId, ${Object.keys(COLUMNS)
       .map((field) => `:${field}`)
       .join(', ')})`,
  )
  const drop = db.prepare('DELETE FROM rollups WHERE series_id = :seriesId AND bucket = :bucket')
  const samplesOfBucket = db.prepare<[object], RolledSample>(SAMPLES_OF_BUCKET)

  return {
    /** Folds in samples that were added to a series, in their order. */
    add(seriesId: number, samples: Iterable<RolledSample>): void {
      let open: Rollup | null = null
      for (const sample of samples) {
        const { ordinal, attempt } = sample
        const bucket = bucketOf(ordinal)
        if (open === null || open.bucket !== bucket || open.attempt !== attempt) {
          if (open !== null) put.run({ seriesId, ...open })
          open = get.get({ seriesId, bucket, attempt }) ?? emptyRollup(sample)
        }
        addSample(open, sample)
      }
      if (open !== null) put.run({ seriesId, ...open })
    },

    /** Sums up the bucket of a changed sample again. All its samples are still there, because the newest bucket is never dropped. */
    redo(seriesId: number, ordinal: number): void {
      const bucket = bucketOf(ordinal)
      drop.run({ seriesId, bucket })
      const from = bucket * ROLLUP_SAMPLES
      this.add(seriesId, samplesOfBucket.all({ seriesId, from, until: from + ROLLUP_SAMPLES }))
    },
  }
}

/** Makes the roll-ups of a database that has none yet. */
export function sumUpAll(db: Database.Database): void {
  const rollups = sqliteRollups(db)
  const series = db.prepare<[], number>('SELECT id FROM series').pluck()
  const last = db.prepare<[object], number>('SELECT max(ordinal) FROM samples WHERE series_id = :seriesId').pluck()
  for (const seriesId of series.all()) {
    const end = last.get({ seriesId }) ?? -1
    for (let ordinal = 0; ordinal <= end; ordinal += ROLLUP_SAMPLES) rollups.redo(seriesId, ordinal)
  }
}
