import type { SampleChunk } from './chunk.ts'
import {
  bytesOfFloats,
  FLOAT_BYTES,
  floatsOfBytes,
  packWholeNumbers,
  unpackWholeNumbers,
  type WholeNumbers,
} from './whole-numbers.ts'

/** A chunk as it is stored, by whatever database. The raw texts of its samples stand elsewhere. */
export interface PackedChunk {
  readonly bucket: number
  readonly attempt: number
  readonly ordinals: WholeNumbers
  readonly steps: WholeNumbers
  readonly offsets: WholeNumbers
  readonly timesMs: WholeNumbers
  /** The epochs times `epochScale`. */
  readonly epochs: WholeNumbers
  /** The power of ten that makes whole numbers of the epochs; 1 where none does, and they are stored as they are. */
  readonly epochScale: number
  /** The values as float64, little-endian. */
  readonly values: Uint8Array
}

/** For who asks for no raw texts. */
export const NO_RAWS: ReadonlyMap<number, string> = new Map()

const EPOCH_SCALES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]

export function packChunk({
  bucket,
  attempt,
  ordinals,
  values,
  steps,
  offsets,
  timesMs,
  epochs,
}: SampleChunk): PackedChunk {
  return {
    bucket,
    attempt,
    ordinals: packWholeNumbers(ordinals),
    steps: packWholeNumbers(steps),
    offsets: packWholeNumbers(offsets),
    timesMs: packWholeNumbers(timesMs),
    ...packEpochs(epochs),
    values: bytesOfFloats(values),
  }
}

/** The chunk again. `raws` are the texts that the log has for values that are not finite, by ordinal. */
export function unpackChunk(packed: PackedChunk, raws: ReadonlyMap<number, string>): SampleChunk {
  const { bucket, attempt, epochScale } = packed
  const count = packed.values.length / FLOAT_BYTES
  const epochs = unpackWholeNumbers(packed.epochs, count)
  return {
    bucket,
    attempt,
    ordinals: unpackWholeNumbers(packed.ordinals, count),
    values: floatsOfBytes(packed.values),
    steps: unpackWholeNumbers(packed.steps, count),
    offsets: unpackWholeNumbers(packed.offsets, count),
    timesMs: unpackWholeNumbers(packed.timesMs, count),
    epochs: epochScale === 1 ? epochs : epochs.map((epoch) => epoch / epochScale),
    raws,
  }
}

function packEpochs(epochs: Float64Array): Pick<PackedChunk, 'epochs' | 'epochScale'> {
  for (const epochScale of EPOCH_SCALES) {
    const scaled = scaledBy(epochScale, epochs)
    if (scaled !== null) return { epochs: packWholeNumbers(scaled), epochScale }
  }
  return { epochs: packWholeNumbers(epochs), epochScale: 1 }
}

/** The epochs as whole numbers of this scale; null where one would not come back as it was. */
function scaledBy(epochScale: number, epochs: Float64Array): Float64Array | null {
  const scaled = new Float64Array(epochs.length)
  for (let i = 0; i < epochs.length; i++) {
    const whole = Math.round(epochs[i]! * epochScale)
    if (!Object.is(whole / epochScale, epochs[i])) return null
    scaled[i] = whole
  }
  return scaled
}
