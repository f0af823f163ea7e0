import type Database from 'better-sqlite3'
import { orNull, type SampleChunk } from '../../chunks/chunk.ts'
import { NO_RAWS, packChunk, unpackChunk } from '../../chunks/packed-chunk.ts'
import { type Summary, summaryOf } from '../../chunks/summary.ts'
import { checksumOf } from '../chunk-checksum.ts'
import {
  CHUNK_FIELDS,
  type ChunkRow,
  nonFiniteCount,
  PACKED_COLUMNS,
  packedOf,
  packedValues,
  SUMMARY_COLUMNS,
} from './chunk-columns.ts'
import { kindOf } from './value-kinds.ts'

/** The columns of a row that hold its samples and what they come to. */
const CONTENT = [...Object.values(SUMMARY_COLUMNS), 'crc', ...PACKED_COLUMNS]

interface RawText {
  readonly ordinal: number
  readonly raw: string
}

/** Reads and writes whole chunks, and the table of samples that are not finite, which goes with them. */
export class ChunkTable {
  readonly #ofBucket
  readonly #raws
  readonly #put
  readonly #remove
  readonly #putNonFinite
  readonly #moveNonFinite

  constructor(db: Database.Database) {
    this.#ofBucket = db.prepare<[number, number], ChunkRow>(
      `SELECT ${CHUNK_FIELDS} FROM chunks WHERE series_id = ? AND bucket = ? ORDER BY attempt`,
    )
    this.#raws = db.prepare<[number, number, number, number], RawText>(
      `SELECT ordinal, raw FROM non_finite_samples
       WHERE series_id = ? AND attempt = ? AND ordinal BETWEEN ? AND ? AND raw IS NOT NULL ORDER BY ordinal`,
    )
    const columns = ['series_id', 'bucket', 'attempt', ...CONTENT]
    this.#put = db.prepare<(number | Uint8Array | null)[]>(
      `INSERT INTO chunks (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (series_id, bucket, attempt) DO UPDATE SET ${CONTENT.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    )
    this.#remove = db.prepare<[number, number, number]>(
      'DELETE FROM chunks WHERE series_id = ? AND bucket = ? AND attempt = ?',
    )
    this.#putNonFinite = db.prepare(
      `INSERT INTO non_finite_samples (series_id, ordinal, attempt, step, kind, raw, offset, time_ms, epoch)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#moveNonFinite = db.prepare<[number, number, number]>(
      'UPDATE non_finite_samples SET attempt = ? WHERE series_id = ? AND ordinal = ?',
    )
  }

  /** The chunks of a bucket, one for each attempt; none whose finite samples were dropped. */
  ofBucket(seriesId: number, bucket: number): SampleChunk[] {
    return this.#ofBucket.all(seriesId, bucket).flatMap((row) => {
      const packed = packedOf(row)
      return packed === null ? [] : unpackChunk(packed, this.rawsOf(seriesId, row))
    })
  }

  /** The texts that the log has for the values of a row that are not finite, by ordinal. */
  rawsOf(seriesId: number, row: ChunkRow): ReadonlyMap<number, string> {
    const { attempt, firstOrdinal, lastOrdinal } = row
    if (nonFiniteCount(row) === 0) return NO_RAWS
    const found = this.#raws.all(seriesId, attempt, firstOrdinal, lastOrdinal)
    return new Map(found.map(({ ordinal, raw }) => [ordinal, raw]))
  }

  /** Writes a chunk in place of what was stored of it. The table of samples that are not finite stays as it is. */
  put(seriesId: number, chunk: SampleChunk): void {
    const summary = summaryOf(chunk)
    const packed = packChunk(chunk)
    this.#put.run(
      seriesId,
      chunk.bucket,
      chunk.attempt,
      ...Object.keys(SUMMARY_COLUMNS).map((field) => summary[field as keyof Summary]),
      checksumOf(packed, chunk.raws),
      ...packedValues(packed),
    )
  }

  remove(seriesId: number, { bucket, attempt }: Pick<SampleChunk, 'bucket' | 'attempt'>): void {
    this.#remove.run(seriesId, bucket, attempt)
  }

  /** Lists those samples of a chunk that are not finite. */
  listNonFinite(
    seriesId: number,
    { attempt, ordinals, values, steps, offsets, timesMs, epochs, raws }: SampleChunk,
  ): void {
    for (let i = 0; i < ordinals.length; i++) {
      if (Number.isFinite(values[i])) continue
      const ordinal = ordinals[i]!
      const [step, offset, timeMs, epoch] = [steps, offsets, timesMs, epochs].map((column) => orNull(column[i]!))
      const raw = raws.get(ordinal) ?? null
      this.#putNonFinite.run(seriesId, ordinal, attempt, step, kindOf(values[i]!), raw, offset, timeMs, epoch)
    }
  }

  /** Says in that list that a sample is of another attempt. */
  moveNonFinite(seriesId: number, ordinal: number, attempt: number): void {
    this.#moveNonFinite.run(attempt, seriesId, ordinal)
  }
}
