/** A field of a protobuf message, written. */
export type Field = Buffer

export function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

export function integerField(field: number, value: number | bigint): Field {
  return Buffer.concat([varint(field * 8), varint(value)])
}

export function doubleField(field: number, value: number): Field {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([varint(field * 8 + 1), bytes])
}

export function floatField(field: number, value: number): Field {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([varint(field * 8 + 5), bytes])
}

/** A text, bytes, packed numbers, or a message of the fields that are given. */
export function bytesField(field: number, ...content: readonly (string | Uint8Array)[]): Field {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part as string)))
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])
}

export const groupStart = (field: number): Field => varint(field * 8 + 3)
export const groupEnd = (field: number): Field => varint(field * 8 + 4)
