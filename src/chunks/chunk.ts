/** The most samples in a chunk: those whose ordinals lie in one bucket of so many. */
export const CHUNK_SAMPLES = 256

/** One sample of a series, as it is stored. */
export interface ChunkSample {
  readonly ordinal: number
  /** NaN and the infinities as they are: a chunk holds float64s, and what leaves it is a MetricValue. */
  readonly value: number
  readonly step: number | null
  readonly offset: number | null
  readonly timeMs: number | null
  readonly epoch: number | null
  /** The log's text of a value that is not finite. */
  readonly raw: string | null
}

/**
 * The samples of one attempt in one bucket of a series, as columns of one length, by rising ordinal. In `steps`, `offsets`,
 * `timesMs` and `epochs` NaN stands for none.
 */
export interface SampleChunk {
  readonly bucket: number
  readonly attempt: number
  readonly ordinals: Float64Array
  readonly values: Float64Array
  readonly steps: Float64Array
  readonly offsets: Float64Array
  readonly timesMs: Float64Array
  readonly epochs: Float64Array
  /** By the ordinal of their sample. */
  readonly raws: ReadonlyMap<number, string>
}

const COLUMNS = ['ordinals', 'values', 'steps', 'offsets', 'timesMs', 'epochs'] as const

export function bucketOf(ordinal: number): number {
  return Math.floor(ordinal / CHUNK_SAMPLES)
}

/** A chunk of samples that are all of its bucket and its attempt, in any order. Throws where two have one ordinal. */
export function chunkOf(bucket: number, attempt: number, samples: readonly ChunkSample[]): SampleChunk {
  const chunk = {
    bucket,
    attempt,
    ordinals: new Float64Array(samples.length),
    values: new Float64Array(samples.length),
    steps: new Float64Array(samples.length),
    offsets: new Float64Array(samples.length),
    timesMs: new Float64Array(samples.length),
    epochs: new Float64Array(samples.length),
    raws: new Map<number, string>(),
  }
  for (let i = 0; i < samples.length; i++) {
    const { ordinal, value, step, offset, timeMs, epoch, raw } = samples[i]!
    chunk.ordinals[i] = ordinal
    chunk.values[i] = value
    chunk.steps[i] = step ?? Number.NaN
    chunk.offsets[i] = offset ?? Number.NaN
    chunk.timesMs[i] = timeMs ?? Number.NaN
    chunk.epochs[i] = epoch ?? Number.NaN
    if (raw !== null) chunk.raws.set(ordinal, raw)
  }
  return inOrder(chunk)
}

/** Chunks of one bucket and attempt as one. Throws where two of them have a sample of one ordinal. */
export function joined(first: SampleChunk, ...others: readonly SampleChunk[]): SampleChunk {
  if (others.length === 0) return first
  const parts = [first, ...others]
  const count = parts.reduce((sum, { ordinals }) => sum + ordinals.length, 0)
  const columns = COLUMNS.map((column) => {
    const all = new Float64Array(count)
    let at = 0
    for (const part of parts) {
      all.set(part[column], at)
      at += part[column].length
    }
    return [column, all]
  })
  const isRaw = others.some(({ raws }) => raws.size > 0)
  const raws = isRaw ? new Map(parts.flatMap((part) => [...part.raws])) : first.raws
  return inOrder({ ...first, ...(Object.fromEntries(columns) as Pick<SampleChunk, (typeof COLUMNS)[number]>), raws })
}

/** The samples of a chunk, one by one. */
export function samplesOf(chunk: SampleChunk): ChunkSample[] {
  return Array.from(chunk.ordinals, (ordinal, i) => ({
    ordinal,
    value: chunk.values[i]!,
    step: orNull(chunk.steps[i]!),
    offset: orNull(chunk.offsets[i]!),
    timeMs: orNull(chunk.timesMs[i]!),
    epoch: orNull(chunk.epochs[i]!),
    raw: chunk.raws.get(ordinal) ?? null,
  }))
}

/** NaN stands for none in every column but the values. */
export function orNull(number: number): number | null {
  return Number.isNaN(number) ? null : number
}

function inOrder(chunk: SampleChunk): SampleChunk {
  const { ordinals } = chunk
  let isRising = true
  for (let i = 1; i < ordinals.length && isRising; i++) isRising = ordinals[i - 1]! < ordinals[i]!
  if (isRising) return chunk
  const order = [...ordinals.keys()].sort((a, b) => ordinals[a]! - ordinals[b]!)
  const twice = order.find((at, i) => i > 0 && ordinals[at] === ordinals[order[i - 1]!])
  if (twice !== undefined) throw new Error(`a sample ${ordinals[twice]} is there already`)
  const columns = COLUMNS.map((column) => [column, Float64Array.from(order, (at) => chunk[column][at]!)])
  return { ...chunk, ...(Object.fromEntries(columns) as Pick<SampleChunk, (typeof COLUMNS)[number]>) }
}
