import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import type { PlacedSample, PlacedSamples } from './commit.ts'

/** Neighbouring samples of one series. */
export interface SampleColumn extends Pick<PlacedSample, 'metric' | 'role' | 'attempt'> {
  readonly actsAs: Role | undefined
  readonly firstOrdinal: number
  readonly values: Float64Array
}

/** The samples of records with the same metrics, which are all finite: a column for each. NaN stands for no time. */
export interface SampleBlock {
  readonly columns: readonly SampleColumn[]
  readonly length: number
  readonly offsets: Float64Array
  readonly timesMs: Float64Array
  readonly steps: Float64Array | null
  readonly epochs: Float64Array | null
}

/** A sample of a block. */
export function sampleOf(
  block: SampleBlock,
  { metric, role, actsAs, attempt, firstOrdinal, values }: SampleColumn,
  row: number,
): PlacedSample {
  const timeMs = block.timesMs[row]!
  const plain: PlacedSample = {
    metric,
    role,
    attempt,
    ordinal: firstOrdinal + row,
    step: block.steps === null ? null : block.steps[row]!,
    value: values[row]! as Finite,
    raw: null,
    offset: block.offsets[row]!,
    timeMs: Number.isNaN(timeMs) ? null : timeMs,
    epoch: block.epochs === null ? null : block.epochs[row]!,
  }
  return actsAs === undefined ? plain : { ...plain, actsAs }
}

/** The samples as they are kept: single ones and blocks, in order. */
export function partsOf(samples: PlacedSamples): readonly (Iterable<PlacedSample> | SampleBlock)[] {
  return samples instanceof SampleList ? samples.parts : [samples]
}

/** Samples that are added one by one, or as blocks. Those of a block are made when they are asked for. */
export class SampleList implements PlacedSamples {
  readonly #parts: (PlacedSample[] | SampleBlock)[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Single samples and blocks, in order. */
  get parts(): readonly (readonly PlacedSample[] | SampleBlock)[] {
    return this.#parts
  }

  push(sample: PlacedSample): void {
    const newest = this.#parts.at(-1)
    if (Array.isArray(newest)) newest.push(sample)
    else this.#parts.push([sample])
    this.#length++
  }

  add(block: SampleBlock): void {
    this.#parts.push(block)
    this.#length += block.columns.length * block.length
  }

  *[Symbol.iterator](): Generator<PlacedSample> {
    for (const part of this.#parts) yield* Array.isArray(part) ? part : samplesIn(part, 0)
  }

  /** As plain JSON they are single ones. */
  toJSON(): PlacedSample[] {
    return [...this]
  }

  /** The newest of them, so many at most. */
  last(count: number): PlacedSample[] {
    let newest: PlacedSample[] = []
    for (let at = this.#parts.length - 1; at >= 0 && newest.length < count; at--) {
      const part = this.#parts[at]!
      const missing = count - newest.length
      const rows = Array.isArray(part) ? 0 : Math.ceil(missing / part.columns.length)
      const own = Array.isArray(part) ? part.slice(-missing) : [...samplesIn(part, part.length - rows)]
      newest = [...own, ...newest]
    }
    return newest.slice(-count)
  }
}

function* samplesIn(block: SampleBlock, from: number): Generator<PlacedSample> {
  for (let row = Math.max(0, from); row < block.length; row++)
    for (const column of block.columns) yield sampleOf(block, column, row)
}
