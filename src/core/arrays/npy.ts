import { parsePythonLiteral } from '../literals/python-literal.ts'
import { isObject, NumberArray, type RecordValue } from '../literals/record-value.ts'
import { type ArrayReading, broken, readArray, refusedArray } from './array-reading.ts'
import type { NumberType } from './number-type.ts'

/** The first bytes of a .npy file: `\x93NUMPY`. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** NumPy itself reads no longer header unless told to trust it. */
const MAX_HEADER_CHARS = 10_000

const FLOATS: ReadonlyMap<string, NumberType> = new Map([
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  // ml_dtypes stores bfloat16 as two bytes of no known type.
  ['V2', 'bfloat16'],
  ['bfloat16', 'bfloat16'],
])
const INTEGERS: ReadonlyMap<string, NumberType> = new Map([
  ['b1', 'bool'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
])

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte)
}

/**
 * Reads an array as `np.save` writes it (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * Versions 1 to 3, either byte order, C and Fortran order. Arrays of objects are
 * refused: they are a pickle, which runs code when it is read.
 */
export function readNpy(bytes: Uint8Array): ArrayReading {
  if (!isNpy(bytes) || bytes.length < 12) return broken('no header of a .npy file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = bytes[6]!
  if (version < 1 || version > 3) return broken(`version ${version} of the .npy format`)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > MAX_HEADER_CHARS) return broken(`a header of ${length} bytes`)
  if (start + length > bytes.length) return broken('ends within its header')
  const header = parsePythonLiteral(new TextDecoder('latin1').decode(bytes.subarray(start, start + length)), 0)
  if (!header.ok || !isObject(header.value)) return broken('a header that is no dict')

  const { descr, fortran_order: isFortran, shape } = header.value
  if (typeof descr !== 'string') return refusedArray('a structured array: save one plain array for each name')
  const axes = axesOf(shape)
  if (axes === null || typeof isFortran !== 'boolean') return broken('a header without a shape or an order')
  if (/^[<>|=]?O/.test(descr)) {
    return refusedArray('an array of objects is a pickle, which runs code when it is read: save an array of numbers')
  }
  const code = descr.replace(/^[<>|=]/, '')
  const type = FLOATS.get(code) ?? INTEGERS.get(code)
  if (type === undefined) return refusedArray(`numbers of type ${descr.slice(0, 16)}: save float32 or int64`)
  return readArray(bytes.subarray(start + length), {
    type,
    shape: axes,
    isBigEndian: descr.startsWith('>'),
    isFortran,
  })
}

/** The lengths in `(16, 4)`; of `()` none, and of `(16,)` one. */
function axesOf(shape: RecordValue | undefined): readonly number[] | null {
  if (shape instanceof NumberArray) return [...shape.values]
  if (!Array.isArray(shape)) return null
  return shape.every((length): length is number => typeof length === 'number') ? shape : null
}
