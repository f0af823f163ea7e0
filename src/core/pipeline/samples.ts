import type { Role } from '../../protocol/sample.ts'
import type { Finite } from '../../protocol/value.ts'
import type { PlacedSample, PlacedSamples } from './commit.ts'

/** Neighbouring samples of one series. */
export interface SampleColumn extends Pick<PlacedSample, 'metric' | 'role' | 'attempt'> {
  readonly actsAs: Role | undefined
  readonly firstOrdinal: number
  readonly values: Float64Array
}

/** The samples of records with the same metrics, which are all finite: a column for each. NaN stands for no place or time. */
export interface SampleBlock {
  readonly columns: readonly SampleColumn[]
  readonly length: number
  readonly offsets: Float64Array
  readonly timesMs: Float64Array
  readonly steps: Float64Array | null
  readonly epochs: Float64Array | null
}

/** Blocks of records that stand in turn: which block each record is in, and where. */
export interface SampleMix {
  readonly blocks: readonly SampleBlock[]
  readonly blockOf: Uint8Array
  readonly indexOf: Int32Array
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
    offset: Number.isNaN(block.offsets[row]) ? null : block.offsets[row]!,
    timeMs: Number.isNaN(timeMs) ? null : timeMs,
    epoch: block.epochs === null ? null : block.epochs[row]!,
  }
  return actsAs === undefined ? plain : { ...plain, actsAs }
}

/** The samples as they are kept: single ones and blocks, those of each series in order. */
export function partsOf(samples: PlacedSamples): readonly (Iterable<PlacedSample> | SampleBlock)[] {
  return samples instanceof SampleList ? samples.parts : [samples]
}

/** Samples that are added one by one, or as blocks. Those of a block are made when they are asked for. */
export class SampleList implements PlacedSamples {
  readonly #parts: (PlacedSample[] | SampleMix)[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Single samples and blocks, those of each series in order. */
  get parts(): readonly (readonly PlacedSample[] | SampleBlock)[] {
    return this.#parts.flatMap<PlacedSample[] | SampleBlock>((part) => (Array.isArray(part) ? [part] : part.blocks))
  }

  push(sample: PlacedSample): void {
    const newest = this.#parts.at(-1)
    if (Array.isArray(newest)) newest.push(sample)
    else this.#parts.push([sample])
    this.#length++
  }

  add(mix: SampleMix): void {
    this.#parts.push(mix)
    for (const { columns, length } of mix.blocks) this.#length += columns.length * length
  }

  *[Symbol.iterator](): Generator<PlacedSample> {
    for (const part of this.#parts) yield* Array.isArray(part) ? part : samplesIn(part, 0)
  }

  /** As plain JSON they are single ones. */
  toJSON(): PlacedSample[] {
    return [...this]
  }

  /** Where the newest records begin of which they are, so many at least if there are. */
  newestOffsets(count: number): ReadonlySet<number | null> {
    const offsets = new Set<number | null>()
    for (let at = this.#parts.length - 1; at >= 0 && offsets.size < count; at--) {
      const part = this.#parts[at]!
      const missing = count - offsets.size
      if (Array.isArray(part)) for (const { offset } of part.slice(-missing)) offsets.add(offset)
      else for (const offset of offsetsIn(part, part.blockOf.length - missing)) offsets.add(offset)
    }
    return offsets
  }

  /** The newest of them, so many at most. */
  last(count: number): PlacedSample[] {
    let newest: PlacedSample[] = []
    for (let at = this.#parts.length - 1; at >= 0 && newest.length < count; at--) {
      const part = this.#parts[at]!
      const missing = count - newest.length
      const own = Array.isArray(part) ? part.slice(-missing) : [...samplesIn(part, part.blockOf.length - missing)]
      newest = [...own, ...newest]
    }
    return newest.slice(-count)
  }
}

/** Where the records of a mix begin from one on; null where they stand in no file. */
function offsetsIn({ blocks, blockOf, indexOf }: SampleMix, from: number): readonly (number | null)[] {
  const offsets: (number | null)[] = []
  for (let row = Math.max(0, from); row < blockOf.length; row++) {
    const offset = blocks[blockOf[row]!]!.offsets[indexOf[row]!]!
    offsets.push(Number.isNaN(offset) ? null : offset)
  }
  return offsets
}

/** The samples from a record on, each of which has at least one. */
function* samplesIn({ blocks, blockOf, indexOf }: SampleMix, from: number): Generator<PlacedSample> {
  for (let row = Math.max(0, from); row < blockOf.length; row++) {
    const block = blocks[blockOf[row]!]!
    for (const column of block.columns) yield sampleOf(block, column, indexOf[row]!)
  }
}
