import { bucketOf, CHUNK_SAMPLES, type ChunkSample, chunkOf, joined, type SampleChunk } from '../../chunks/chunk.ts'
import type { PlacedSample, PlacedSamples } from '../../core/pipeline/commit.ts'
import { partsOf, type SampleBlock, type SampleColumn } from '../../core/pipeline/samples.ts'
import type { Role } from '../../protocol/sample.ts'
import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'

/** Samples of one bucket and one attempt: single ones, and columns of them. */
interface Group {
  readonly bucket: number
  readonly attempt: number
  readonly singles: ChunkSample[]
  readonly columns: SampleChunk[]
}

/** The samples that a commit adds to one series. */
export class AddedSeries {
  readonly role: Role
  samples = 0
  nonFinite = 0
  readonly #groups: Group[] = []

  constructor(role: Role) {
    this.role = role
  }

  /** The chunks that they belong to, in the order of their first samples. */
  get chunks(): SampleChunk[] {
    return this.#groups.map(({ bucket, attempt, singles, columns }) =>
      (singles.length === 0 ? columns : [chunkOf(bucket, attempt, singles), ...columns]).reduce(joined),
    )
  }

  add({ ordinal, attempt, value, step, offset, timeMs, epoch, raw }: PlacedSample): void {
    this.samples++
    if (!isFinite(value)) this.nonFinite++
    this.#group(bucketOf(ordinal), attempt).singles.push({
      ordinal,
      value: bareOf(value),
      step,
      offset,
      timeMs,
      epoch,
      raw: raw === null ? null : storable(raw),
    })
  }

  addColumn(block: SampleBlock, { attempt, firstOrdinal, values }: SampleColumn): void {
    this.samples += block.length
    for (let from = 0; from < block.length; ) {
      const bucket = bucketOf(firstOrdinal + from)
      const to = Math.min(block.length, (bucket + 1) * CHUNK_SAMPLES - firstOrdinal)
      const part = (column: Float64Array | null) => column?.subarray(from, to) ?? new Float64Array(to - from).fill(NaN)
      this.#group(bucket, attempt).columns.push({
        bucket,
        attempt,
        ordinals: Float64Array.from({ length: to - from }, (_, index) => firstOrdinal + from + index),
        values: part(values),
        steps: part(block.steps),
        offsets: part(block.offsets),
        timesMs: part(block.timesMs),
        epochs: part(block.epochs),
        raws: new Map(),
      })
      from = to
    }
  }

  #group(bucket: number, attempt: number): Group {
    const isOf = (group: Group | undefined) => group?.bucket === bucket && group.attempt === attempt
    const newest = this.#groups.at(-1)
    const known = isOf(newest) ? newest : this.#groups.find(isOf)
    if (known !== undefined) return known
    const group = { bucket, attempt, singles: [], columns: [] }
    this.#groups.push(group)
    return group
  }
}

/** Samples by the metrics of their series. */
export function addedSeries(samples: PlacedSamples): Map<string, AddedSeries> {
  const all = new Map<string, AddedSeries>()
  const seriesOf = ({ metric, role }: Pick<PlacedSample, 'metric' | 'role'>): AddedSeries => {
    const series = all.get(metric) ?? new AddedSeries(role)
    all.set(metric, series)
    return series
  }
  for (const part of partsOf(samples)) {
    if ('columns' in part) for (const column of part.columns) seriesOf(column).addColumn(part, column)
    else for (const sample of part) seriesOf(sample).add(sample)
  }
  return all
}

/** The float64 of a value. Throws where it is none that a sample may have: a bare NaN is the mistake of a caller. */
function bareOf(value: MetricValue): number {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`a sample is a bare ${value}`)
  return toNumber(value)
}

/** The text as SQLite returns it: half of a surrogate pair, left where raw text was cut, becomes U+FFFD. */
function storable(text: string): string {
  return Buffer.from(text).toString()
}
