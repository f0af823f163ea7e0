import { type ArrayReading, broken, readArray } from './array-reading.ts'
import type { NumberType } from './number-type.ts'

/** One tensor of the header. */
export interface TensorEntry {
  /** Null for a type that no predictions have, such as the 8-bit floats of weights. */
  readonly type: NumberType | null
  readonly shape: readonly number[]
  /** Where its bytes are, counted from the end of the header. */
  readonly from: number
  readonly to: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly metadata: ReadonlyMap<string, string>
  /** The first byte after the header. */
  readonly bodyOffset: number
}

/** Predictions with their labels take a few hundred bytes; a longer header is that of a model. */
const MAX_HEADER_BYTES = 1024 * 1024
/** The format itself allows no longer one. */
const MAX_FORMAT_HEADER_BYTES = 100_000_000

const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U64', 'uint64'],
  ['U32', 'uint32'],
  ['U16', 'uint16'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
])

/** Whether a file that begins so is one of safetensors: a length, then a JSON object of it. */
export function isSafetensors(bytes: Uint8Array, sizeBytes: number): boolean {
  const length = headerBytes(bytes)
  return length >= 2 && length <= MAX_FORMAT_HEADER_BYTES && length + 8 <= sizeBytes && bytes[8] === 0x7b
}

/** The header, or null where `bytes` do not hold all of it, it does not read, or it is too long for predictions. */
export function readHeader(bytes: Uint8Array): SafetensorsHeader | null {
  const length = headerBytes(bytes)
  if (!(length <= MAX_HEADER_BYTES) || length + 8 > bytes.length) return null
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  } catch {
    return null
  }
  if (!isRecord(header)) return null
  const tensors = new Map<string, TensorEntry>()
  const metadata = new Map<string, string>()
  for (const [name, entry] of Object.entries(header)) {
    if (!isRecord(entry)) return null
    if (name === '__metadata__') {
      for (const [key, value] of Object.entries(entry)) if (typeof value === 'string') metadata.set(key, value)
      continue
    }
    const tensor = entryOf(entry)
    if (tensor === null) return null
    tensors.set(name, tensor)
  }
  return { tensors, metadata, bodyOffset: 8 + length }
}

export function readTensor(bytes: Uint8Array, header: SafetensorsHeader, entry: TensorEntry): ArrayReading {
  if (entry.type === null) return broken('a tensor of a type that predictions do not have')
  const body = bytes.subarray(header.bodyOffset)
  if (entry.to > body.length) return broken(`ends after ${body.length} of ${entry.to} bytes`)
  return readArray(body.subarray(entry.from, entry.to), { type: entry.type, shape: entry.shape })
}

function headerBytes(bytes: Uint8Array): number {
  if (bytes.length < 10) return Number.NaN
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true)
}

function entryOf({ dtype, shape, data_offsets: offsets }: Record<string, unknown>): TensorEntry | null {
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets)) return null
  const [from, to, more] = offsets
  if (from === undefined || to === undefined || more !== undefined || from > to) return null
  return { type: TYPES.get(dtype) ?? null, shape, from, to }
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
