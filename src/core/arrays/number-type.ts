import type { Dtype, Floats } from '../kernels/float-type.ts'
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats.ts'

/** How a binary file stores its numbers. */
export type NumberType =
  | Dtype
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'

export interface Numbers {
  readonly values: Floats
  /** Null for whole numbers, which are labels and counters. */
  readonly dtype: Dtype | null
}

const SIZES: Readonly<Record<NumberType, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  bfloat16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
}

export function bytesOf(type: NumberType): number {
  return SIZES[type]
}

/**
 * The numbers that all of `bytes` hold.
 *
 * Floating-point numbers keep their precision and whole ones become doubles, of
 * which those beyond 2⁵³ are rounded. The result may be a view of `bytes`.
 */
export function decodeNumbers(bytes: Uint8Array, type: NumberType, isBigEndian = false): Numbers {
  const size = SIZES[type]
  const count = Math.floor(bytes.length / size)
  const { buffer, byteOffset } = nativeBytes(bytes.subarray(0, count * size), size, isBigEndian)
  switch (type) {
    case 'float64':
      return { values: new Float64Array(buffer, byteOffset, count), dtype: type }
    case 'float32':
      return { values: new Float32Array(buffer, byteOffset, count), dtype: type }
    case 'float16':
      return { values: float16ToFloat32(new Uint16Array(buffer, byteOffset, count)), dtype: type }
    case 'bfloat16':
      return { values: bfloat16ToFloat32(new Uint16Array(buffer, byteOffset, count)), dtype: type }
    case 'int64':
      return { values: wideIntegers(new Int32Array(buffer, byteOffset, 2 * count)), dtype: null }
    case 'uint64':
      return { values: wideIntegers(new Uint32Array(buffer, byteOffset, 2 * count)), dtype: null }
    default:
      return { values: Float64Array.from(integers(type, buffer, byteOffset, count)), dtype: null }
  }
}

function integers(
  type: Exclude<NumberType, Dtype | 'int64' | 'uint64'>,
  buffer: ArrayBufferLike,
  at: number,
  count: number,
) {
  switch (type) {
    case 'int8':
      return new Int8Array(buffer, at, count)
    case 'int16':
      return new Int16Array(buffer, at, count)
    case 'int32':
      return new Int32Array(buffer, at, count)
    case 'uint16':
      return new Uint16Array(buffer, at, count)
    case 'uint32':
      return new Uint32Array(buffer, at, count)
    case 'bool':
    case 'uint8':
      return new Uint8Array(buffer, at, count)
  }
}

/** Halves of 32 bits, the lower first: `BigInt64Array` would make an object of every label. */
function wideIntegers(halves: Int32Array | Uint32Array): Float64Array {
  const values = new Float64Array(halves.length / 2)
  for (let i = 0; i < values.length; i++) values[i] = halves[2 * i + 1]! * 2 ** 32 + (halves[2 * i]! >>> 0)
  return values
}

/** The bytes at an address that a typed array may begin at, the lowest byte of each number first. */
function nativeBytes(bytes: Uint8Array, size: number, isBigEndian: boolean): Uint8Array {
  // The `slice` of a Node Buffer makes no copy.
  if (!isBigEndian || size === 1) return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  const swapped = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i += size) {
    for (let j = 0; j < size; j++) swapped[i + j] = bytes[i + size - 1 - j]!
  }
  return swapped
}
