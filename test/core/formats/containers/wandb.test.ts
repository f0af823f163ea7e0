import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wandb } from '../../../../src/core/formats/containers/wandb.ts'
import { wandbFileOf } from '../../reading/frames.ts'
import { briefly } from '../lines.ts'
import { bytesField, type Field, integerField } from '../messages.ts'

/** A record of history at step 20. */
function history(...items: readonly Field[]): Buffer {
  return Buffer.concat([integerField(1, 3), bytesField(2, ...items, bytesField(2, integerField(1, 20)))])
}

function item(key: string, json: string): Field {
  return bytesField(1, bytesField(1, key), bytesField(16, json))
}

function nested(keys: readonly string[], json: string): Field {
  return bytesField(1, ...keys.map((key) => bytesField(2, key)), bytesField(16, json))
}

function read(bytes: Uint8Array, damage?: string): readonly (readonly string[] | string)[] {
  const frame = { offset: 7, bytes: new Uint8Array(bytes), companions: [] }
  const { results } = wandb.parse(damage === undefined ? frame : { ...frame, damage }, null, 'run-a.wandb')
  expect(results.every(({ offset }) => offset === 7)).toBe(true)
  return results.map(({ result }) => briefly(result))
}

const head = (bytes: Uint8Array) => ({ name: 'run-a.wandb', bytes, sizeBytes: bytes.length })

const cases: readonly { readonly name: string; readonly bytes: Buffer; readonly result: readonly unknown[] }[] = [
  {
    name: 'the values of a step',
    bytes: history(item('loss', '0.5'), item('lr', '1e-3')),
    result: [['step 20 loss=0.5 lr=0.001']],
  },
  {
    name: 'the bare words of Python',
    bytes: history(item('loss', 'NaN'), item('a', 'Infinity'), item('b', '-Infinity')),
    result: [['step 20 loss=NaN a=Infinity b=-Infinity']],
  },
  {
    name: 'the same words in quotes',
    bytes: history(item('loss', '"NaN"'), item('a', '"-Infinity"')),
    result: [['step 20 loss=NaN a=-Infinity']],
  },
  {
    name: 'nested keys, and objects, under the names of their parts',
    bytes: history(nested(['train', 'loss'], '1'), nested(['lr'], '2'), item('val', '{"loss": NaN}')),
    result: [['step 20 train/loss=1 lr=2 val/loss=NaN']],
  },
  {
    name: 'what W&B adds itself as step and time, or not at all',
    bytes: history(item('_step', '20'), item('_runtime', '3.5'), item('_timestamp', '1700000000.5'), item('loss', '1')),
    result: [['step 20 loss=1']],
  },
  {
    name: 'the step of the optimizer rather than the count of the calls',
    bytes: history(item('train/global_step', '500'), item('train/loss', '1')),
    result: [['step 500 train/loss=1']],
  },
  {
    name: 'a step that is not written as step 0',
    bytes: Buffer.concat([bytesField(2, item('loss', '1'), bytesField(2))]),
    result: [['step 0 loss=1']],
  },
  {
    name: 'histograms, images and tables as nothing',
    bytes: history(item('h', '{"_type": "histogram", "values": [1], "bins": [0, 1], "size": 3}'), item('t', '[1, 2]')),
    result: ['skip'],
  },
  {
    name: 'a broken value beside those that read',
    bytes: history(item('a', '{"x": '), item('loss', '1')),
    result: [['step 20 loss=1'], expect.stringMatching(/^broken-json: a: /)],
  },
  {
    name: 'the summary, the console and the configuration as nothing',
    bytes: bytesField(3, bytesField(1, bytesField(1, 'loss'), bytesField(16, '1'))),
    result: ['skip'],
  },
  {
    name: 'a record that is no message as broken',
    bytes: bytesField(2, Buffer.of(0x0a, 0x7f)),
    result: ['broken-frame: a field that is longer than its message'],
  },
]

describe('reading a record of a W&B run', () => {
  for (const { name, bytes, result } of cases) {
    test(`wandb reads ${name}`, () => expect(read(bytes)).toEqual(result))
  }

  test('a frame that is damaged is rejected unread', () => {
    expect(read(history(item('loss', '1')), 'it has no end')).toEqual(['broken-frame: it has no end'])
  })

  test('the exit code of the process is told, that of an interrupt as its signal', () => {
    const codeIn = (...exit: Field[]) => {
      const frame = { offset: 7, bytes: bytesField(18, ...exit), companions: [] }
      return wandb.parse(frame, null, 'run-a.wandb')
    }
    expect(codeIn()).toEqual({ results: [{ offset: 7, result: { kind: 'skip' } }], state: null, exitCode: 0 })
    const codes = [integerField(1, 1), integerField(1, 255), integerField(1, -9)].map((field) => codeIn(field).exitCode)
    expect(codes).toEqual([1, -2, -9])
    expect(codeIn(integerField(2, 40), integerField(1, 3))).toMatchObject({ exitCode: 3 })
  })

  test('the time of a step is kept', () => {
    const frame = { offset: 0, bytes: history(item('_timestamp', '1700000000.5'), item('loss', '1')), companions: [] }
    expect(wandb.parse(frame, null, '').results).toMatchObject([
      { result: { records: [{ time: '2023-11-14T22:13:20.500Z' }] } },
    ])
  })

  test('damaged records never throw', () => {
    const whole = history(item('loss', '[1, {"a": NaN}]'), nested(['a', 'b'], '{"c": 1}'))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        read(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  test('a file is recognised by its header, and by its name only while it is empty', () => {
    expect(wandb.recognises(head(Buffer.alloc(0)))).toBe(true)
    expect(wandb.recognises(head(wandbFileOf([])))).toBe(true)
    expect(wandb.recognises(head(wandbFileOf([]).subarray(0, 6)))).toBe(false)
    expect(wandb.recognises(head(Buffer.from(':W&B is a tool')))).toBe(false)
  })
})
