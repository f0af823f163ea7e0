import type Database from 'better-sqlite3'
import { bucketOf, orNull } from '../../chunks/chunk.ts'
import { floatsOfBytes, unpackWholeNumbers } from '../../chunks/whole-numbers.ts'
import { type MetricValue, metricValue } from '../../protocol/value.ts'
import type { SamplesAnswer } from '../../protocol/wire.ts'
import { type ChunkRow, nonFiniteCount, numbersOf } from './chunk-columns.ts'
import { fromKind, type NonFiniteRow } from './value-kinds.ts'

type SamplesPage = Omit<SamplesAnswer, 'series'>

/** What a page needs of a chunk: so less of each row is made into values. */
type PageRow = Pick<
  ChunkRow,
  | 'bucket'
  | 'attempt'
  | 'firstOrdinal'
  | 'lastOrdinal'
  | 'nan'
  | 'infinity'
  | 'negInfinity'
  | 'value_floats'
  | `${'ordinal' | 'step'}_${'base' | 'stride' | 'rest'}`
>

const FIELDS = `bucket, attempt, first_ordinal AS firstOrdinal, last_ordinal AS lastOrdinal, nan, infinity,
  neg_infinity AS negInfinity, ordinal_base, ordinal_stride, ordinal_rest, step_base, step_stride, step_rest, value_floats`

/** Samples as columns that grow. */
class Samples {
  ordinal: number[] = []
  step: (number | null)[] = []
  attempt: number[] = []
  value: MetricValue[] = []

  add(ordinal: number, step: number | null, attempt: number, value: MetricValue): void {
    this.ordinal.push(ordinal)
    this.step.push(step)
    this.attempt.push(attempt)
    this.value.push(value)
  }

  /** Adds those of a chunk from an index on; none where it is negative. */
  addAll(ordinals: Float64Array, steps: Float64Array, attempt: number, values: Float64Array, from: number): void {
    for (let i = from < 0 ? ordinals.length : from; i < ordinals.length; i++) {
      const [step, value] = [steps[i]!, values[i]!]
      this.ordinal.push(ordinals[i]!)
      this.step.push(orNull(step))
      this.attempt.push(attempt)
      this.value.push(metricValue(value))
    }
  }

  /** Puts those from a place on into the order of reading. */
  sortFrom(place: number): void {
    const order = [...this.ordinal.keys()].slice(place).sort((a, b) => this.ordinal[a]! - this.ordinal[b]!)
    const sorted = <T>(column: readonly T[]): T[] => [...column.slice(0, place), ...order.map((at) => column[at]!)]
    this.step = sorted(this.step)
    this.attempt = sorted(this.attempt)
    this.value = sorted(this.value)
    this.ordinal = sorted(this.ordinal)
  }

  page(limit: number): SamplesPage {
    const first = <T>(column: T[]): T[] => (column.length > limit ? column.slice(0, limit) : column)
    return {
      ordinal: first(this.ordinal),
      step: first(this.step),
      attempt: first(this.attempt),
      value: first(this.value),
      more: this.ordinal.length > limit,
    }
  }
}

/** Gives the samples of a series after an ordinal, at most `limit`, for one connection. */
export function samplePages(db: Database.Database): (seriesId: number, after: number, limit: number) => SamplesPage {
  const rows = db.prepare<[number, number], PageRow>(
    `SELECT ${FIELDS} FROM chunks WHERE series_id = ? AND bucket >= ? ORDER BY bucket, attempt`,
  )
  const nonFinite = db.prepare<[number, number, number, number], NonFiniteRow>(
    `SELECT ordinal, step, kind FROM non_finite_samples
     WHERE series_id = ? AND attempt = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal`,
  )

  function add(samples: Samples, seriesId: number, row: PageRow, after: number): void {
    const { attempt, firstOrdinal, lastOrdinal } = row
    if (row.value_floats !== null) {
      const values = floatsOfBytes(row.value_floats)
      const ordinals = unpackWholeNumbers(numbersOf(row, 'ordinal'), values.length)
      const steps = unpackWholeNumbers(numbersOf(row, 'step'), values.length)
      samples.addAll(
        ordinals,
        steps,
        attempt,
        values,
        ordinals.findIndex((ordinal) => ordinal > after),
      )
    } else if (nonFiniteCount(row) > 0) {
      // The finite ones were dropped.
      for (const { ordinal, step, kind } of nonFinite.all(seriesId, attempt, firstOrdinal, lastOrdinal))
        if (ordinal > after) samples.add(ordinal, step, attempt, fromKind(kind))
    }
  }

  return (seriesId, after, limit) => {
    const samples = new Samples()
    let [bucket, from] = [-1, 0]
    for (const row of rows.iterate(seriesId, bucketOf(after + 1))) {
      const isOfSameBucket = row.bucket === bucket
      if (!isOfSameBucket) from = samples.ordinal.length
      if (!isOfSameBucket && from > limit) break
      bucket = row.bucket
      add(samples, seriesId, row, after)
      // Samples of two attempts may lie between each other.
      if (isOfSameBucket) samples.sortFrom(from)
    }
    return samples.page(limit)
  }
}
