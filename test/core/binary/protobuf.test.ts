import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesTag, fixed32Tag, fixed64Tag, MessageReader, varintTag } from '../../../src/core/binary/protobuf.ts'
import {
  bytesField,
  doubleField,
  type Field,
  floatField,
  groupEnd,
  groupStart,
  integerField,
  varint,
} from '../formats/messages.ts'

/** The fields of a message as numbers and texts, and what ended the walk. */
function read(...fields: readonly Field[]): readonly unknown[] {
  const message = new MessageReader(new Uint8Array(Buffer.concat(fields)))
  const found: unknown[] = []
  while (message.next()) {
    const field = Math.floor(message.tag / 8)
    if (message.tag === varintTag(field)) found.push([field, message.integer()])
    if (message.tag === fixed64Tag(field)) found.push([field, message.double()])
    if (message.tag === fixed32Tag(field)) found.push([field, message.float()])
    if (message.tag === bytesTag(field)) found.push([field, message.text()])
  }
  return message.problem === null ? found : [...found, message.problem]
}

describe('walking the fields of a protobuf message', () => {
  test('each kind of field is read', () => {
    expect(read(integerField(1, 300), doubleField(2, -0.5), floatField(3, Number.NaN), bytesField(2000, 'é'))).toEqual([
      [1, 300],
      [2, -0.5],
      [3, Number.NaN],
      [2000, 'é'],
    ])
  })

  test('an integer is exact over the whole range of safe integers, and null beyond', () => {
    for (const value of [0, 1, 127, 128, -1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 35 + 5, Number.MAX_SAFE_INTEGER]) {
      expect(read(integerField(1, value), integerField(1, -value))).toEqual([
        [1, value],
        [1, value === 0 ? 0 : -value],
      ])
    }
    expect(read(integerField(1, 2n ** 53n), integerField(1, -(2n ** 63n)))).toEqual([
      [1, null],
      [1, null],
    ])
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(read(integerField(7, value))).toEqual([[7, value]])
      }),
    )
  })

  test('groups are passed over with all that they hold', () => {
    const group = [groupStart(4), integerField(1, 1), groupStart(5), bytesField(2, 'x'), groupEnd(5), groupEnd(4)]
    expect(read(...group, integerField(9, 9))).toEqual([[9, 9]])
  })

  const broken: readonly { readonly name: string; readonly fields: readonly Field[]; readonly problem: string }[] = [
    {
      name: 'a length beyond the end',
      fields: [Buffer.of(0x0a, 5, 1)],
      problem: 'a field that is longer than its message',
    },
    {
      name: 'a length of 2^63',
      fields: [Buffer.of(0x0a), varint(2n ** 63n)],
      problem: 'a field that is longer than its message',
    },
    { name: 'a double cut short', fields: [Buffer.of(0x09, 1)], problem: 'a field that is longer than its message' },
    { name: 'a number cut off', fields: [Buffer.of(0x08, 0x80)], problem: 'a number that is cut off' },
    {
      name: 'a number of eleven bytes',
      fields: [Buffer.of(0x08), Buffer.alloc(11, 0x80)],
      problem: 'a number of more than ten bytes',
    },
    { name: 'the field number 0', fields: [Buffer.of(0x00, 1)], problem: 'a tag that no field has' },
    { name: 'the wire type 7', fields: [Buffer.of(0x0f)], problem: 'a wire type that does not exist' },
    {
      name: 'groups without an end',
      fields: Array.from({ length: 100_000 }, () => groupStart(1)),
      problem: 'groups that are nested too deep',
    },
    { name: 'an end without a group', fields: [groupEnd(1)], problem: 'the end of a group that never began' },
  ]
  for (const { name, fields, problem } of broken) {
    test(`${name} ends the walk and is told`, () => {
      expect(read(integerField(1, 1), ...fields)).toEqual([[1, 1], problem])
    })
  }

  test('what is wrong in a message within is wrong in those around it', () => {
    const outer = new MessageReader(
      new Uint8Array(Buffer.concat([bytesField(1, Buffer.of(0x0a, 9)), integerField(2, 2)])),
    )
    outer.next()
    const inner = outer.message()
    expect(inner.next()).toBe(false)
    expect(outer.problem).toBe('a field that is longer than its message')
    expect(outer.next()).toBe(false)
  })

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        read(Buffer.from(bytes))
      }),
      { numRuns: 5000 },
    )
  })
})
