import { NumberArray } from '../literals/record-value.ts'
import { bytesOf, decodeNumbers, type NumberType } from './number-type.ts'

/** An array of a binary file, or why it cannot be read. */
export type ArrayReading =
  | { readonly ok: true; readonly array: NumberArray }
  | { readonly ok: false; readonly reason: 'broken-frame' | 'refused'; readonly problem: string }

/** More axes than any tensor of predictions has. */
const MAX_RANK = 8

/** How an array lies in its bytes. */
export interface Layout {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly isBigEndian?: boolean
  /** Whether the first index runs fastest, as in Fortran. */
  readonly isFortran?: boolean
}

/** Reads the array at the start of `bytes`, once it is sure that they hold all of it. */
export function readArray(bytes: Uint8Array, layout: Layout): ArrayReading {
  const { type, shape, isBigEndian, isFortran } = layout
  if (shape.length > MAX_RANK) return broken(`an array of ${shape.length} axes`)
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return broken('an axis of no length')
  const sizeBytes = shape.reduce((product, length) => product * length, bytesOf(type))
  if (!(sizeBytes <= bytes.length)) return broken(`ends after ${bytes.length} of ${sizeBytes} bytes`)
  const { values, dtype } = decodeNumbers(bytes.subarray(0, sizeBytes), type, isBigEndian)
  const ordered = isFortran === true && shape.length > 1 ? rowMajor(values, shape) : values
  return { ok: true, array: new NumberArray(shape, ordered, dtype) }
}

export function broken(problem: string): ArrayReading {
  return { ok: false, reason: 'broken-frame', problem }
}

export function refusedArray(problem: string): ArrayReading {
  return { ok: false, reason: 'refused', problem }
}

/** The values so that the last index runs fastest. */
function rowMajor<T extends NumberArray['values']>(values: T, shape: readonly number[]): T {
  const ordered = values.slice() as T
  const index = shape.map(() => 0)
  const strides: number[] = []
  let stride = 1
  for (const length of shape) {
    strides.push(stride)
    stride *= length
  }
  let from = 0
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return ordered
}
