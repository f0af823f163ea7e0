import type Database from 'better-sqlite3'
import { bucketOf, CHUNK_SAMPLES, type ChunkSample, chunkOf, samplesOf } from '../../chunks/chunk.ts'
import { sectionOf } from '../../chunks/extremes.ts'
import { toNumber } from '../../protocol/value.ts'
import { ChunkTable } from './chunk-table.ts'
import { CHUNK_TABLES } from './schema-7.ts'
import { sectionWriter } from './section-table.ts'
import { fromKind } from './value-kinds.ts'

/** A sample as schema 6 has it. */
interface RowOfSchema6 {
  readonly ordinal: number
  readonly attempt: number
  readonly step: number | null
  readonly value: number | null
  readonly kind: number
  readonly raw: string | null
  readonly offset: number | null
}

interface SeriesRow {
  readonly id: number
  readonly samples: number
  /** Its finite samples below this ordinal were dropped. */
  readonly keptFrom: number
}

const DROPPED_COLUMNS = `series_id, bucket, attempt, first_ordinal, last_ordinal, min_step, max_step, finite, min, max, first,
  last, sum, nan, infinity, neg_infinity, first_nan, first_infinity, first_neg_infinity, bad_step, crc`

/**
 * Writes the rows of schema 6 as chunks too, one series in a transaction, and leaves the rows as they are.
 *
 * It may be killed at any time and goes on behind the last series. Then it compares each sample with its row; a series
 * that differs, because an older nanwatch has written in between, is written anew. Throws where it differs still.
 */
export function writeChunksOfRows(db: Database.Database): void {
  const hasTables = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'chunks'").get() !== undefined
  if (!hasTables) db.transaction(() => db.exec(CHUNK_TABLES)).immediate()
  const series = db.prepare<[], SeriesRow>('SELECT id, samples, kept_from AS keptFrom FROM series ORDER BY id').all()
  const conversion = new Conversion(db)
  for (const each of series) if (!conversion.isWhole(each)) conversion.convert(each)
  for (const each of series) {
    if (conversion.isSame(each)) continue
    conversion.convert(each)
    if (!conversion.isSame(each)) throw new Error(`the samples of series ${each.id} cannot be written as chunks`)
  }
}

class Conversion {
  readonly #chunks
  readonly #count
  readonly #rows
  readonly #rowsFrom
  readonly #nonFinite
  readonly #lastOrdinal
  readonly convert

  constructor(db: Database.Database) {
    this.#chunks = new ChunkTable(db)
    this.#count = db
      .prepare<[number], number>(
        'SELECT coalesce(sum(finite + nan + infinity + neg_infinity), 0) FROM chunks WHERE series_id = ?',
      )
      .pluck()
    const columns = 'ordinal, attempt, step, value, kind, raw, offset'
    this.#rowsFrom = db.prepare<[number, number, number], RowOfSchema6>(
      `SELECT ${columns} FROM samples WHERE series_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal`,
    )
    this.#rows = db.prepare<[number, number], RowOfSchema6>(
      `SELECT ${columns} FROM samples WHERE series_id = ? AND kind <> 0 AND ordinal < ? ORDER BY ordinal`,
    )
    this.#nonFinite = db.prepare<[number, number], RowOfSchema6>(
      `SELECT ordinal, attempt, step, NULL AS value, kind, raw, offset FROM non_finite_samples
       WHERE series_id = ? AND ordinal < ? ORDER BY ordinal`,
    )
    this.#lastOrdinal = db
      .prepare<[number], number | null>('SELECT max(ordinal) FROM samples WHERE series_id = ?')
      .pluck()
    const clear = ['chunks', 'non_finite_samples', 'sections'].map((table) =>
      db.prepare<[number]>(`DELETE FROM ${table} WHERE series_id = ?`),
    )
    const keepRollups = db.prepare<[number, number]>(
      `INSERT INTO chunks (${DROPPED_COLUMNS}) SELECT ${DROPPED_COLUMNS} FROM rollups
       WHERE series_id = ? AND bucket * ${CHUNK_SAMPLES} < ? ORDER BY bucket, attempt`,
    )
    const keepNonFinite = db.prepare<[number, number]>(
      `INSERT INTO non_finite_samples (series_id, ordinal, attempt, step, kind, raw, offset)
       SELECT series_id, ordinal, attempt, step, kind, raw, offset FROM samples
       WHERE series_id = ? AND kind <> 0 AND ordinal < ?`,
    )
    const putSections = sectionWriter(db)
    this.convert = db.transaction(({ id, keptFrom }: SeriesRow) => {
      for (const statement of clear) statement.run(id)
      keepRollups.run(id, keptFrom)
      keepNonFinite.run(id, keptFrom)
      for (const bucket of this.#bucketsOf(id, keptFrom)) {
        for (const [attempt, samples] of this.#ofBucket(id, bucket)) {
          const chunk = chunkOf(bucket, attempt, samples)
          this.#chunks.put(id, chunk)
          this.#chunks.listNonFinite(id, chunk)
        }
      }
      const newest = sectionOf(bucketOf(this.#lastOrdinal.get(id) ?? 0))
      putSections(id, new Set(Array.from({ length: newest }, (_, section) => section)), newest)
    })
  }

  /** Whether as many samples are in chunks as there are. */
  isWhole({ id, samples }: SeriesRow): boolean {
    return this.#count.get(id) === samples
  }

  /** Whether the chunks say of each sample what its row says. */
  isSame(series: SeriesRow): boolean {
    const { id, keptFrom } = series
    if (!this.isWhole(series)) return false
    if (!isSameList(this.#rows.all(id, keptFrom), this.#nonFinite.all(id, keptFrom))) return false
    return this.#bucketsOf(id, keptFrom).every((bucket) => {
      const rows = this.#ofBucket(id, bucket)
      const chunks = this.#chunks.ofBucket(id, bucket)
      return (
        chunks.length === rows.size &&
        chunks.every((chunk) => isSameList(samplesOf(chunk), rows.get(chunk.attempt) ?? []))
      )
    })
  }

  /** The buckets of the samples that were not dropped. */
  #bucketsOf(seriesId: number, keptFrom: number): number[] {
    const [first, last] = [bucketOf(keptFrom), bucketOf(this.#lastOrdinal.get(seriesId) ?? -1)]
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  }

  #ofBucket(seriesId: number, bucket: number): Map<number, ChunkSample[]> {
    const byAttempt = new Map<number, ChunkSample[]>()
    for (const { attempt, ...row } of this.#rowsFrom.all(
      seriesId,
      bucket * CHUNK_SAMPLES,
      (bucket + 1) * CHUNK_SAMPLES,
    )) {
      const sample = sampleOf(row)
      const before = byAttempt.get(attempt)
      if (before === undefined) byAttempt.set(attempt, [sample])
      else before.push(sample)
    }
    return byAttempt
  }
}

function sampleOf({ ordinal, step, value, kind, raw, offset }: Omit<RowOfSchema6, 'attempt'>): ChunkSample {
  const bare = kind === 0 ? value! : toNumber(fromKind(kind))
  return { ordinal, value: bare, step, offset, raw: kind === 0 ? null : raw, timeMs: null, epoch: null }
}

/** Whether two lists hold the same in each field. A zero may have lost its sign, where rows of SQLite held it. */
function isSameList<Row extends object>(a: readonly Row[], b: readonly Row[]): boolean {
  const fields = Object.keys(a[0] ?? {}) as (keyof Row)[]
  return (
    a.length === b.length &&
    a.every((row, i) => fields.every((field) => row[field] === b[i]![field] || Object.is(row[field], b[i]![field])))
  )
}
