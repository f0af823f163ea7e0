import { bfloat16ToFloat32, float16ToFloat32 } from '../../arrays/half-floats.ts'
import { bytesTag, fixed32Tag, fixed64Tag, type MessageReader, varintTag } from '../../binary/protobuf.ts'

/** The fields of tensorflow/core/framework/tensor.proto that a number can be in. */
const DTYPE = varintTag(1)
const SHAPE = bytesTag(2)
const CONTENT = bytesTag(4)
const SHAPE_DIM = bytesTag(2)
const DIM_SIZE = varintTag(1)

/** How one element of each type lies in `tensor_content`, by the numbers of tensorflow/core/framework/types.proto. */
const ELEMENTS: Readonly<Record<number, { readonly bytes: number; read(view: DataView): number }>> = {
  1: { bytes: 4, read: (view) => view.getFloat32(0, true) },
  2: { bytes: 8, read: (view) => view.getFloat64(0, true) },
  3: { bytes: 4, read: (view) => view.getInt32(0, true) },
  4: { bytes: 1, read: (view) => view.getUint8(0) },
  5: { bytes: 2, read: (view) => view.getInt16(0, true) },
  6: { bytes: 1, read: (view) => view.getInt8(0) },
  9: { bytes: 8, read: (view) => Number(view.getBigInt64(0, true)) },
  14: { bytes: 2, read: (view) => bfloat16(view.getUint16(0, true)) },
  17: { bytes: 2, read: (view) => view.getUint16(0, true) },
  19: { bytes: 2, read: (view) => float16(view.getUint16(0, true)) },
  22: { bytes: 4, read: (view) => view.getUint32(0, true) },
  23: { bytes: 8, read: (view) => Number(view.getBigUint64(0, true)) },
}
const BFLOAT16 = 14
const FLOAT16 = 19

/** `float_val`, `double_val`, and the fields of integers; those of 16-bit floats hold their bits. */
const FLOAT_FIELD = 5
const DOUBLE_FIELD = 6
const INTEGER_FIELDS: readonly number[] = [7, 10, 13, 16, 17]

/** The number in a TensorProto that has one element; null where it has none, many, or a text. */
export function scalarOfTensor(tensor: MessageReader): number | null {
  let dtype: number | null = 0
  let elements = 1
  let content: Uint8Array | null = null
  let number: number | null = null
  while (tensor.next()) {
    const field = Math.floor(tensor.tag / 8)
    if (tensor.tag === DTYPE) dtype = tensor.integer()
    else if (tensor.tag === SHAPE) elements = elementsOf(tensor.message())
    else if (tensor.tag === CONTENT) content = tensor.bytes()
    else number ??= numberIn(tensor, field)
  }
  if (elements !== 1 || dtype === null) return null
  if (number === null) return content === null ? null : numberOfContent(content, dtype)
  if (dtype === BFLOAT16) return bfloat16(number)
  return dtype === FLOAT16 ? float16(number) : number
}

function elementsOf(shape: MessageReader): number {
  let elements = 1
  while (shape.next()) {
    if (shape.tag !== SHAPE_DIM) continue
    const dimension = shape.message()
    let size: number | null = 0
    while (dimension.next()) if (dimension.tag === DIM_SIZE) size = dimension.integer()
    elements *= size ?? 0
  }
  return elements
}

function float16(bits: number): number {
  return float16ToFloat32(Uint16Array.of(bits))[0]!
}

function bfloat16(bits: number): number {
  return bfloat16ToFloat32(Uint16Array.of(bits))[0]!
}

/** The first number of a repeated field, packed or not. */
function numberIn(tensor: MessageReader, field: number): number | null {
  const { tag } = tensor
  const sizeBytes = tensor.end - tensor.start
  if (field === FLOAT_FIELD && (tag === fixed32Tag(field) || (tag === bytesTag(field) && sizeBytes >= 4))) {
    return tensor.float()
  }
  if (field === DOUBLE_FIELD && (tag === fixed64Tag(field) || (tag === bytesTag(field) && sizeBytes >= 8))) {
    return tensor.double()
  }
  if (!INTEGER_FIELDS.includes(field)) return null
  if (tag === varintTag(field)) return tensor.integer()
  if (tag !== bytesTag(field)) return null
  const packed = tensor.message()
  return packed.varint() ? packed.integer() : null
}

function numberOfContent(content: Uint8Array, dtype: number): number | null {
  const element = ELEMENTS[dtype]
  if (element === undefined || content.length !== element.bytes) return null
  return element.read(new DataView(content.buffer, content.byteOffset, content.length))
}
