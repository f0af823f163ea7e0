import type Database from 'better-sqlite3'
import { addSample, bucketOf, emptyRollup, ROLLUP_SAMPLES, type RolledSample, type Rollup } from './rollup.ts'
import { ROLLUP_COLUMNS } from './sqlite-rollups.ts'

const BUCKETS_AT_ONCE = 20

interface BucketPlace {
  readonly seriesId: number
  readonly bucket: number
}

/**
 * Finds samples that are not what was written.
 *
 * SQLite has no checksums, and a value with a flipped bit is still a valid value.
 * So each bucket of rows is summed up again and compared with its roll-ups.
 * Buckets whose rows were dropped are not compared.
 */
export class Verifier {
  readonly #after
  readonly #stored
  readonly #samples
  #last: BucketPlace = { seriesId: 0, bucket: -1 }

  constructor(db: Database.Database) {
    this.#after = db.prepare<[object], BucketPlace>(
      `SELECT DISTINCT series_id AS seriesId, bucket FROM rollups JOIN series ON series.id = series_id
       WHERE (series_id, bucket) > (:seriesId, :bucket) AND bucket * ${ROLLUP_SAMPLES} >= kept_from
       ORDER BY series_id, bucket LIMIT ${BUCKETS_AT_ONCE}`,
    )
    this.#stored = db.prepare<[object], Rollup>(
      `SELECT ${ROLLUP_COLUMNS} FROM rollups WHERE series_id = :seriesId AND bucket = :bucket ORDER BY attempt`,
    )
    this.#samples = db.prepare<[object], RolledSample>(
      `SELECT ordinal, attempt, step, value, kind, raw, offset FROM samples
       WHERE series_id = :seriesId AND ordinal >= :from AND ordinal < :until ORDER BY ordinal`,
    )
  }

  /**
   * Compares the next few buckets. Returns one that differs, or null where none does.
   *
   * After the last bucket it returns 'end' once, and then begins anew.
   */
  next(): BucketPlace | 'end' | null {
    const places = this.#after.all(this.#last)
    for (const place of places) if (this.#differs(place)) return place
    this.#last = places.at(-1) ?? { seriesId: 0, bucket: -1 }
    return places.length === 0 ? 'end' : null
  }

  #differs(place: BucketPlace): boolean {
    const from = place.bucket * ROLLUP_SAMPLES
    const byAttempt = new Map<number, Rollup>()
    for (const sample of this.#samples.all({ ...place, from, until: from + ROLLUP_SAMPLES })) {
      const rollup = byAttempt.get(sample.attempt) ?? emptyRollup(sample)
      byAttempt.set(sample.attempt, rollup)
      addSample(rollup, sample)
      if (bucketOf(sample.ordinal) !== place.bucket) return true
    }
    const summed = [...byAttempt.values()].sort((a, b) => a.attempt - b.attempt)
    const stored = this.#stored.all(place)
    return stored.length !== summed.length || stored.some((rollup, i) => !isSame(rollup, summed[i]!))
  }
}

function isSame(a: Rollup, b: Rollup): boolean {
  return (Object.keys(a) as (keyof Rollup)[]).every((field) => a[field] === b[field])
}
