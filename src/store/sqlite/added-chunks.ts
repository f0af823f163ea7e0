import { bucketOf, CHUNK_SAMPLES, type ChunkSample, chunkOf, joined, type SampleChunk } from '../../chunks/chunk.ts'
import { NO_RAWS } from '../../chunks/packed-chunk.ts'
import type { PlacedSample, PlacedSamples } from '../../core/pipeline/commit.ts'
import { partsOf, type SampleBlock, type SampleColumn } from '../../core/pipeline/samples.ts'
import type { Role } from '../../protocol/sample.ts'
import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'

/** Samples of one bucket and one attempt, as they were added: columns of them, and single ones one after the other. */
interface Group {
  readonly bucket: number
  readonly attempt: number
  readonly parts: (SampleChunk | ChunkSample[])[]
}

/** A column in which all are missing. */
const MISSING = new Float64Array(CHUNK_SAMPLES).fill(Number.NaN)

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
    return this.#groups.map(({ bucket, attempt, parts }) => {
      const [first, ...others] = parts.map((part) => ('bucket' in part ? part : chunkOf(bucket, attempt, part)))
      return joined(first!, ...others)
    })
  }

  add({ ordinal, attempt, value, step, offset, timeMs, epoch, raw }: PlacedSample): void {
    this.samples++
    if (!isFinite(value)) this.nonFinite++
    const { parts } = this.#group(bucketOf(ordinal), attempt)
    const bare = bareOf(value)
    const single = { ordinal, value: bare, step, offset, timeMs, epoch, raw: raw === null ? null : storable(raw) }
    const newest = parts.at(-1)
    if (newest === undefined || 'bucket' in newest) parts.push([single])
    else newest.push(single)
  }

  addColumn(block: SampleBlock, { attempt, firstOrdinal, values }: SampleColumn): void {
    this.samples += block.length
    for (let from = 0; from < block.length; ) {
      const bucket = bucketOf(firstOrdinal + from)
      const to = Math.min(block.length, (bucket + 1) * CHUNK_SAMPLES - firstOrdinal)
      const part = (column: Float64Array | null) => column?.subarray(from, to) ?? MISSING.subarray(0, to - from)
      const ordinals = new Float64Array(to - from)
      for (let i = 0; i < ordinals.length; i++) ordinals[i] = firstOrdinal + from + i
      this.#group(bucket, attempt).parts.push({
        bucket,
        attempt,
        ordinals,
        values: part(values),
        steps: part(block.steps),
        offsets: part(block.offsets),
        timesMs: part(block.timesMs),
        epochs: part(block.epochs),
        raws: NO_RAWS,
      })
      from = to
    }
  }

  #group(bucket: number, attempt: number): Group {
    const isOf = (group: Group | undefined) => group?.bucket === bucket && group.attempt === attempt
    const newest = this.#groups.at(-1)
    const known = isOf(newest) ? newest : this.#groups.find(isOf)
    if (known !== undefined) return known
    const group = { bucket, attempt, parts: [] }
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
