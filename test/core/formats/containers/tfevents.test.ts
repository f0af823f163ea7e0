import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tfevents } from '../../../../src/core/formats/containers/tfevents.ts'
import type { Frame } from '../../../../src/core/reading/frame.ts'
import { tfrecordOf } from '../../reading/frames.ts'
import { briefly } from '../lines.ts'
import { bytesField, doubleField, type Field, floatField, integerField, varint } from '../messages.ts'

const SCALARS = bytesField(9, bytesField(1, bytesField(1, 'scalars')))
const VERSION = event(bytesField(3, 'brain.Event:2'))

function event(...fields: readonly Field[]): Buffer {
  return Buffer.concat([doubleField(1, 1_700_000_000.5), ...fields])
}

/** An event at step 7 with one summary of these values. */
function summary(...values: readonly Field[]): Buffer {
  return event(integerField(2, 7), bytesField(5, ...values))
}

function simple(tag: string, value: number): Field {
  return bytesField(1, bytesField(1, tag), floatField(2, value))
}

/** The tensor of a scalar: its type, and the fields that hold the number. */
function tensor(dtype: number, ...fields: readonly Field[]): Field {
  return bytesField(1, bytesField(1, 'loss'), bytesField(8, integerField(1, dtype), ...fields), SCALARS)
}

function frameOf(bytes: Uint8Array, damage?: string): Frame {
  const frame = { offset: 64, bytes: new Uint8Array(bytes), companions: [] }
  return damage === undefined ? frame : { ...frame, damage }
}

function read(bytes: Uint8Array, damage?: string): readonly string[] | string {
  const [only, ...others] = tfevents.parse(frameOf(bytes, damage), null, 'events.out.tfevents.1').results
  expect(others).toEqual([])
  expect(only!.offset).toBe(64)
  return briefly(only!.result)
}

const HALF_OF_3 = 0x4200
const BFLOAT_OF_3 = 0x4040

const cases: readonly { readonly name: string; readonly bytes: Buffer; readonly result: readonly string[] | string }[] =
  [
    {
      name: 'all tags of an event as one record',
      bytes: summary(simple('Loss/train', 0.5), simple('lr', 0.25)),
      result: ['step 7 Loss/train=0.5 lr=0.25'],
    },
    { name: 'a NaN', bytes: summary(simple('loss', Number.NaN)), result: ['step 7 loss=NaN'] },
    {
      name: 'infinities',
      bytes: summary(simple('a', Infinity), simple('b', -Infinity)),
      result: ['step 7 a=Infinity b=-Infinity'],
    },
    {
      name: 'a step that is not written as step 0',
      bytes: event(bytesField(5, simple('loss', 1))),
      result: ['step 0 loss=1'],
    },
    {
      name: 'a step that comes after the values',
      bytes: event(bytesField(5, simple('loss', 1)), integerField(2, 9)),
      result: ['step 9 loss=1'],
    },
    {
      name: 'a tag that is named like a counter, without taking it for the step',
      bytes: summary(simple('global_step', 3), simple('epoch', 2), simple('loss', 1)),
      result: ['step 7 epoch 2 loss=1'],
    },
    {
      name: 'a tensor with its number in float_val',
      bytes: summary(tensor(1, floatField(5, 3))),
      result: ['step 7 loss=3'],
    },
    {
      name: 'a tensor with its number in packed float_val',
      bytes: summary(tensor(1, bytesField(5, floatField(1, 3).subarray(1)))),
      result: ['step 7 loss=3'],
    },
    { name: 'a tensor of double', bytes: summary(tensor(2, doubleField(6, 0.1))), result: ['step 7 loss=0.1'] },
    {
      name: 'a tensor of double in its content',
      bytes: summary(tensor(2, bytesField(4, doubleField(1, Number.NaN).subarray(1)))),
      result: ['step 7 loss=NaN'],
    },
    {
      name: 'a tensor of float in its content',
      bytes: summary(tensor(1, bytesField(2), bytesField(4, floatField(1, -Infinity).subarray(1)))),
      result: ['step 7 loss=-Infinity'],
    },
    { name: 'a tensor of half', bytes: summary(tensor(19, integerField(13, HALF_OF_3))), result: ['step 7 loss=3'] },
    {
      name: 'a tensor of packed bfloat16',
      bytes: summary(tensor(14, bytesField(13, varint(BFLOAT_OF_3)))),
      result: ['step 7 loss=3'],
    },
    {
      name: 'a tensor of half in its content',
      bytes: summary(tensor(19, bytesField(4, Buffer.of(0x00, 0x7e)))),
      result: ['step 7 loss=NaN'],
    },
    { name: 'a tensor of int64', bytes: summary(tensor(9, bytesField(10, varint(-5)))), result: ['step 7 loss=-5'] },
    {
      name: 'a tensor of shape [1]',
      bytes: summary(tensor(1, bytesField(2, bytesField(2, integerField(1, 1))), floatField(5, 3))),
      result: ['step 7 loss=3'],
    },
    {
      name: 'no tensor of shape [2]',
      bytes: summary(tensor(1, bytesField(2, bytesField(2, integerField(1, 2))), floatField(5, 3))),
      result: 'skip',
    },
    { name: 'no tensor of text', bytes: summary(tensor(7, bytesField(8, 'words'))), result: 'skip' },
    {
      name: 'no tensor of packed floats that holds none',
      bytes: summary(tensor(1, bytesField(5, ''))),
      result: 'skip',
    },
    {
      name: 'a tensor without a plugin, where its writer has named that once',
      bytes: summary(bytesField(1, bytesField(1, 'loss'), bytesField(8, integerField(1, 1), floatField(5, 3)))),
      result: ['step 7 loss=3'],
    },
    {
      name: 'no tensor of another plugin',
      bytes: summary(
        bytesField(
          1,
          bytesField(1, '_hparams_/session_start_info'),
          bytesField(8, integerField(1, 1), floatField(5, 0)),
          bytesField(9, bytesField(1, bytesField(1, 'hparams'))),
        ),
      ),
      result: 'skip',
    },
    {
      name: 'images, histograms and sounds as nothing',
      bytes: summary(bytesField(1, bytesField(1, 'x'), bytesField(4, 'PNG'))),
      result: 'skip',
    },
    { name: 'the version of the file as nothing', bytes: VERSION, result: 'skip' },
    { name: 'no bytes as nothing', bytes: Buffer.alloc(0), result: 'skip' },
    {
      name: 'an event that is no message as broken',
      bytes: event(Buffer.of(0x2a, 0x7f)),
      result: 'broken-frame: a field that is longer than its message',
    },
    {
      name: 'a value that is no message as broken',
      bytes: summary(bytesField(1, Buffer.of(0x0a, 0x7f))),
      result: 'broken-frame: a field that is longer than its message',
    },
  ]

describe('reading an event of TensorBoard', () => {
  for (const { name, bytes, result } of cases) {
    test(`tfevents reads ${name}`, () => expect(read(bytes)).toEqual(result))
  }

  test('a record keeps the time of its event, and the roles of its tags', () => {
    const [only] = tfevents.parse(frameOf(summary(simple('Loss/val', Number.NaN))), null, '').results
    expect(only!.result).toEqual({
      kind: 'records',
      records: [
        {
          kind: 'scalars',
          offset: 64,
          step: 7,
          epoch: null,
          time: '2023-11-14T22:13:20.500Z',
          scalars: [{ metric: 'Loss/val', role: 'val_loss', value: 'NaN', raw: 'NaN' }],
        },
      ],
    })
  })

  test('a frame whose checksum does not fit is rejected unread', () => {
    expect(read(summary(simple('loss', 1)), 'its checksum does not fit')).toBe(
      'broken-frame: its checksum does not fit',
    )
  })

  test('damaged events are rejected or read, and never throw', () => {
    const whole = summary(simple('a', 1), tensor(1, bytesField(2, bytesField(2, integerField(1, 1))), floatField(5, 3)))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        read(bytes)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('recognising an event file', () => {
  const head = (name: string, bytes: Uint8Array) => ({ name, bytes: new Uint8Array(bytes), sizeBytes: bytes.length })
  const events = Buffer.concat([tfrecordOf(VERSION), tfrecordOf(summary(simple('loss', 1)))])

  test('its content tells, under any name', () => {
    expect(tfevents.recognises(head('a.bin', events))).toBe(true)
    expect(tfevents.recognises(head('a.bin', tfrecordOf(summary(simple('loss', 1)))))).toBe(true)
  })

  test('while it is too short to tell, its name does', () => {
    for (const size of [0, 1, 12, 39]) {
      expect(tfevents.recognises(head('events.out.tfevents.17.host', events.subarray(0, size)))).toBe(true)
      expect(tfevents.recognises(head('train.log', events.subarray(0, Math.min(size, 12))))).toBe(false)
    }
  })

  test('a text is none whatever its name, and neither are records of other data', () => {
    expect(tfevents.recognises(head('notes-on-tfevents.txt', Buffer.from('step 1 loss 0.5\n'.repeat(9))))).toBe(false)
    expect(tfevents.recognises(head('train.tfrecord', tfrecordOf(bytesField(1, bytesField(1, 'image')))))).toBe(false)
  })
})
