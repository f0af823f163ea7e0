import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Container, HEAD_BYTES } from '../../../../src/core/formats/containers/container.ts'
import { CONTAINERS } from '../../../../src/core/formats/containers/index.ts'
import { npy } from '../../../../src/core/formats/containers/npy-file.ts'
import { npz } from '../../../../src/core/formats/containers/npz-file.ts'
import { parquet } from '../../../../src/core/formats/containers/parquet-file.ts'
import { safetensors } from '../../../../src/core/formats/containers/safetensors-file.ts'
import { wandbTable } from '../../../../src/core/formats/containers/wandb-table.ts'
import type { LogRecord, ParseResult } from '../../../../src/core/records/format.ts'
import { brief } from '../lines.ts'
import { containerFor, resultsOf } from '../whole-file.ts'

const FIXTURES = join(import.meta.dirname, '../../../fixtures/arrays')
const expected: Readonly<Record<string, { values: string[] }>> = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
)

function numbersOf(name: string): readonly number[] {
  return expected[name]!.values.map(Number)
}

function recordsOf(results: readonly ParseResult[]): readonly LogRecord[] {
  return results.flatMap((result) => (result.kind === 'records' ? result.records : []))
}

function valuesOf(records: readonly LogRecord[], what: 'values' | 'labels'): readonly number[] {
  return records.flatMap((record) => {
    if (record.kind !== 'batch') return []
    const { labels, values } = record.batch
    if (what === 'values') return [...values]
    return [...(labels.kind === 'hard' ? labels.classes : labels.targets)]
  })
}

const cases: readonly { name: string; kind: string; records: readonly string[]; values?: string }[] = [
  { name: 'step_000120.npz', kind: 'npz', records: ['step 120 loss=0.5', 'batch 120 logits 6x3'], values: 'logits' },
  { name: 'deflated.npz', kind: 'npz', records: ['step 40 loss=NaN', 'batch 40 probs 6x3'], values: 'probs' },
  {
    name: 'many-steps.npz',
    kind: 'npz',
    records: [
      'step 10 loss=0.5',
      'batch 10 probs 2x3',
      'step 20 loss=NaN',
      'batch 20 probs 2x3',
      'step 30 loss=0.25',
      'batch 30 probs 2x3',
    ],
    values: 'probs',
  },
  { name: 'metadata.safetensors', kind: 'safetensors', records: ['step 7 loss=0.5', 'batch 7 logits 6x3'] },
  { name: 'epoch3.safetensors', kind: 'safetensors', records: ['step 3 loss=0.25', 'batch 3 probs 6x3'] },
  ...['lists-snappy', 'lists-gzip-v2', 'lists-plain', 'lists-zstd', 'lists-lz4'].map((stem) => ({
    name: `${stem}.parquet`,
    kind: 'parquet',
    records: ['step 1 loss=0.5', 'batch 1 probs 3x3', 'step 2 loss=0.75', 'batch 2 probs 3x3'],
    values: 'probs',
  })),
  {
    name: 'columns.parquet',
    kind: 'parquet',
    records: ['batch null probs 4x3', 'batch null probs 2x3'],
    values: 'probs',
  },
]
for (const { name, kind, records, values } of cases) {
  test(`${name} gives its batches, with their own numbers`, () => {
    const found = recordsOf(resultsOf(CONTAINERS, FIXTURES, name))
    expect(containerFor(CONTAINERS, FIXTURES, name)?.name).toBe(kind)
    expect(found.map(brief)).toEqual(records)
    expect(valuesOf(found, 'labels')).toEqual(numbersOf('labels'))
    if (values !== undefined) expect(valuesOf(found, 'values')).toEqual(numbersOf(values))
  })
}

test('the half floats of safetensors keep their type', () => {
  const types = ['metadata', 'epoch3'].flatMap((stem) =>
    recordsOf(resultsOf(CONTAINERS, FIXTURES, `${stem}.safetensors`)).flatMap((record) =>
      record.kind === 'batch' ? [record.batch.dtype] : [],
    ),
  )
  expect(types).toEqual(['bfloat16', 'float16'])
})

test('a missing value of Parquet is the NaN that pandas stored so', () => {
  const found = recordsOf(resultsOf(CONTAINERS, FIXTURES, 'null.parquet'))
  expect(valuesOf(found, 'values')).toEqual([0.25, Number.NaN, 0.75])
})

test('booleans as runs and floats as split bytes are read', () => {
  const found = recordsOf(resultsOf(CONTAINERS, FIXTURES, 'split.parquet'))
  expect(valuesOf(found, 'values')).toEqual(Array(120).fill(0.5))
  expect(valuesOf(found, 'labels').slice(0, 4)).toEqual([1, 0, 1, 1])
})

test('a codec that is not there is a reject that names it', () => {
  expect(resultsOf(CONTAINERS, FIXTURES, 'lists-brotli.parquet')).toMatchObject([
    { kind: 'reject', detail: 'compressed with BROTLI: write it with snappy, gzip, zstd or lz4' },
  ])
})

test.each(['model.safetensors', 'f4-le.npy'])('%s is passed over without being read', (name) => {
  const bytes = readFileSync(join(FIXTURES, name))
  expect(CONTAINERS.some(({ recognises }) => recognises({ name, bytes, sizeBytes: bytes.length }))).toBe(true)
  expect(containerFor(CONTAINERS, FIXTURES, name)).toBeNull()
})

test.each(['data.npz', 'data.parquet'])('%s holds no predictions and says nothing', (name) => {
  expect(resultsOf(CONTAINERS, FIXTURES, name).map(({ kind }) => kind)).toEqual(['skip'])
})

test('the labels of a bare array are in a file beside it, of its own name before a shared one', () => {
  expect(npy.companions?.('val_logits_120.npy')).toContain('val_labels_120.npy')
  expect(npy.companions?.('val_logits_120.npy')).toContain('labels.npy')
  expect(npy.companions?.('images.npy')).toEqual([])
  const bytes = new Uint8Array(readFileSync(join(FIXTURES, 'f4-le.npy')))
  const labels = new Uint8Array(readFileSync(join(FIXTURES, 'i8-le.npy')))
  const other = new Uint8Array(readFileSync(join(FIXTURES, 'empty.npy')))
  const companions = [
    { name: 'labels.npy', bytes: other },
    { name: 'labels_120.npy', bytes: labels },
  ]
  const { results } = npy.parse({ offset: 0, bytes, companions }, npy.start(), 'logits_120.npy')
  expect(recordsOf(results.map(({ result }) => result)).map(brief)).toEqual(['batch 120 logits 3x4'])
  expect(valuesOf(recordsOf(results.map(({ result }) => result)), 'labels')).toEqual([-100, -1, 2])
})

test.each([npz, parquet])(
  'a file that is read again says only what is new, and all of it when it is another',
  (container) => {
    const stem = container === npz ? 'many-steps.npz' : 'lists-snappy.parquet'
    const bytes = new Uint8Array(readFileSync(join(FIXTURES, stem)))
    const other = new Uint8Array(readFileSync(join(FIXTURES, container === npz ? 'deflated.npz' : 'columns.parquet')))
    const read = (whole: Uint8Array, state: Parameters<Container['parse']>[1]) =>
      container.parse({ offset: 0, bytes: whole, companions: [] }, state as never, stem)
    const first = read(bytes, container.start())
    const again = read(bytes, JSON.parse(JSON.stringify(first.state)))
    const replaced = read(other, again.state)
    const count = (parsed: typeof first) => recordsOf(parsed.results.map(({ result }) => result)).length
    expect(count(first)).toBeGreaterThan(2)
    expect(count(again)).toBe(0)
    expect(count(replaced)).toBeGreaterThan(0)
  },
)

test('a table of W&B is a batch of its rows, at the step in its name', () => {
  const tell = (table: string) => {
    const bytes = new TextEncoder().encode(table)
    const name = 'predictions_120_1f2e3d4c5b.table.json'
    expect(wandbTable.recognises({ name, bytes, sizeBytes: bytes.length })).toBe(true)
    return wandbTable.parse({ offset: 0, bytes, companions: [] }, wandbTable.start(), name).results
  }
  const columns = tell('{"columns": ["id", "label", "p0", "p1"], "data": [["a", 1, 0.25, 0.75], ["b", 0, NaN, "NaN"]]}')
  const lists = tell('{"columns": ["label", "logits"], "data": [[1, [0.5, -2.5]], [0, [1.5, 2]]]}')
  expect(recordsOf(columns.map(({ result }) => result)).map(brief)).toEqual(['batch 120 probs 2x2'])
  expect(valuesOf(recordsOf(columns.map(({ result }) => result)), 'values')).toEqual([
    0.25,
    0.75,
    Number.NaN,
    Number.NaN,
  ])
  expect(recordsOf(lists.map(({ result }) => result)).map(brief)).toEqual(['batch 120 logits 2x2'])
  expect(tell('{"columns": ["image", "caption"], "data": [["a.png", "b"]]}')).toEqual([])
  expect(tell('{"columns": ["label"')[0]?.result.kind).toBe('reject')
})

test('no file of text is taken for a dump', () => {
  const bytes = new TextEncoder().encode('{"step": 1, "loss": 0.5}\n')
  const head = { name: 'log.jsonl', bytes: bytes.subarray(0, HEAD_BYTES), sizeBytes: bytes.length }
  expect(CONTAINERS.filter(({ recognises }) => recognises(head))).toEqual([])
  expect(safetensors.recognises(head)).toBe(false)
})
