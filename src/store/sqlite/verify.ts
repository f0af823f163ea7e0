import type Database from 'better-sqlite3'
import { CHUNK_SAMPLES, type SampleChunk } from '../../chunks/chunk.ts'
import { unpackChunk } from '../../chunks/packed-chunk.ts'
import { type Summary, summaryOf } from '../../chunks/summary.ts'
import { checksumOf } from '../chunk-checksum.ts'
import { CHUNK_FIELDS, type ChunkRow, nonFiniteCount, packedOf, SUMMARY_COLUMNS } from './chunk-columns.ts'
import { ChunkTable } from './chunk-table.ts'
import { kindOf, type NonFiniteRow } from './value-kinds.ts'

const CHUNKS_AT_ONCE = 20

interface ChunkPlace {
  readonly seriesId: number
  readonly bucket: number
  readonly attempt: number
}

interface StoredRow extends ChunkRow {
  readonly seriesId: number
  /** The first bucket of its series whose finite samples were not dropped. */
  readonly firstBucket: number
}

/**
 * Finds samples that are not what was written.
 *
 * SQLite has no checksums, and a value with a flipped bit is still a valid value.
 * So the checksum of each chunk is computed again, its samples are summed up again
 * and compared with what it says of them, and none may be missing. Chunks whose finite samples were
 * dropped are not compared.
 */
export class Verifier {
  readonly #chunks
  readonly #after
  readonly #nonFinite
  #last: ChunkPlace = { seriesId: 0, bucket: -1, attempt: 0 }

  constructor(db: Database.Database) {
    this.#chunks = new ChunkTable(db)
    this.#after = db.prepare<[ChunkPlace], StoredRow>(
      `SELECT series_id AS seriesId, kept_from / ${CHUNK_SAMPLES} AS firstBucket, ${CHUNK_FIELDS}
       FROM chunks JOIN series ON series.id = series_id
       WHERE (series_id, bucket, attempt) > (:seriesId, :bucket, :attempt) AND value_floats IS NOT NULL
       ORDER BY series_id, bucket, attempt LIMIT ${CHUNKS_AT_ONCE}`,
    )
    this.#nonFinite = db.prepare<[number, number, number, number], NonFiniteRow>(
      `SELECT ordinal, step, kind FROM non_finite_samples
       WHERE series_id = ? AND attempt = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal`,
    )
  }

  /**
   * Compares the next few chunks. Returns the place of one that differs, or null where none does.
   *
   * After the last chunk it returns 'end' once, and then begins anew.
   */
  next(): { readonly seriesId: number; readonly firstOrdinal: number } | 'end' | null {
    const rows = this.#after.all(this.#last)
    for (const row of rows) {
      if (this.#isBehindGap(row) || this.#differs(row))
        return { seriesId: row.seriesId, firstOrdinal: row.bucket * CHUNK_SAMPLES }
      this.#last = row
    }
    if (rows.length > 0) return null
    this.#last = { seriesId: 0, bucket: -1, attempt: 0 }
    return 'end'
  }

  /** Whether a chunk before this one is missing: the buckets of a series follow each other. */
  #isBehindGap({ seriesId, bucket, firstBucket }: StoredRow): boolean {
    const next = this.#last.seriesId === seriesId ? this.#last.bucket + 1 : 0
    return bucket > Math.max(next, firstBucket)
  }

  #differs(row: StoredRow): boolean {
    const packed = packedOf(row)
    if (packed === null) return false
    const raws = this.#chunks.rawsOf(row.seriesId, row)
    if (checksumOf(packed, raws) !== row.crc) return true
    const chunk = unpackChunk(packed, raws)
    const summed = summaryOf(chunk)
    const differs = (Object.keys(SUMMARY_COLUMNS) as (keyof Summary)[]).some((field) => summed[field] !== row[field])
    return differs || this.#listsOthers(row, chunk)
  }

  /** Whether the list of samples that are not finite says anything else than the chunk. */
  #listsOthers(row: StoredRow, { ordinals, values, steps }: SampleChunk): boolean {
    const { seriesId, attempt, firstOrdinal, lastOrdinal } = row
    const listed = this.#nonFinite.all(seriesId, attempt, firstOrdinal, lastOrdinal)
    if (listed.length !== nonFiniteCount(row)) return true
    return listed.some(({ ordinal, step, kind }) => {
      const at = ordinals.indexOf(ordinal)
      return at < 0 || kindOf(values[at]!) !== kind || !Object.is(steps[at], step ?? Number.NaN)
    })
  }
}
