import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONTAINERS, containerOf, isTooShortToTell } from '../../../src/core/formats/containers/index.ts'
import { DATABASES } from '../../../src/core/formats/databases/index.ts'
import { isDatabaseName, isLogName, isPerStepName, TEXT_NAMES } from '../../../src/core/formats/file-names.ts'
import { tfrecordOf, wandbFileOf } from '../reading/frames.ts'
import { bytesField, doubleField } from './messages.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PATTERNS = [TEXT_NAMES, ...[...CONTAINERS, ...DATABASES].map(({ names }) => names)].flat()

describe('whether a file below a folder is followed', () => {
  const cases: Readonly<Record<string, boolean>> = {
    'train.log': true,
    'METRICS.JSONL': true,
    stdout: true,
    '.hidden': true,
    'notes.md': false,
    'log.1': false,
    'train.log.3': false,
    'out.3': true,
    'stdout.0': true,
    'log.txt.rank0': true,
    'model.bin.rank0': false,
    'core.9912.3': false,
    'events.out.tfevents.1700000000.host.4242.0': true,
    'run-abcd1234.wandb': true,
    'step_000120.npz': true,
    'mlflow.db': true,
    'trackio.SQLITE3': true,
    'preds.safetensors': true,
    'model-00001-of-00002.safetensors': false,
    'model.safetensors.index.json': true,
    'optimizer.safetensors': false,
    'val_preds.pkl': true,
    'model.pkl': false,
    'checkpoint.pt': false,
  }
  for (const [name, isFollowed] of Object.entries(cases)) {
    test(name, () => expect(isLogName(name)).toBe(isFollowed))
  }
})

test('a job writes one file of arrays for each step, and one of no other kind', () => {
  const names = ['a.npz', 'a.NPY', 'a.safetensors', 'a.parquet', 'a.wandb', 'a.json', 'a.log', 'tfevents.1', 'a.db']
  expect(names.filter(isPerStepName)).toEqual(['a.npz', 'a.NPY', 'a.safetensors', 'a.parquet'])
  expect(names.filter(isDatabaseName)).toEqual(['a.db'])
})

test('a pattern is in lower case, as names are compared in', () => {
  expect(PATTERNS.filter((pattern) => pattern !== pattern.toLowerCase())).toEqual([])
})

describe('a file that is named like one of a kind', () => {
  for (const { name: kind, names, leastBytes } of CONTAINERS) {
    if (leastBytes === undefined) continue
    test.each(names)(`${kind} is waited for until it is long enough to tell the kind: %s`, (pattern) => {
      const headOf = (length: number) => {
        return { name: pattern.replaceAll('*', 'a'), bytes: new Uint8Array(length), sizeBytes: length }
      }
      expect(isTooShortToTell(headOf(leastBytes - 1))).toBe(true)
      expect(isTooShortToTell(headOf(leastBytes))).toBe(false)
    })
  }

  const array = (name: string) => new Uint8Array(readFileSync(join(ROOT, 'test/fixtures/arrays', name)))
  const firstEvent = Buffer.concat([doubleField(1, 1.7e9), bytesField(3, 'brain.Event:2')])
  const files: readonly { readonly name: string; readonly kind: string; readonly bytes: Uint8Array }[] = [
    { name: 'events.out.tfevents.1', kind: 'tfevents', bytes: tfrecordOf(firstEvent) },
    { name: 'run-1.wandb', kind: 'wandb', bytes: wandbFileOf([new Uint8Array(64)]) },
    { name: 'step_1.npz', kind: 'npz', bytes: array('step_000120.npz') },
    { name: 'preds.npy', kind: 'npy', bytes: array('f4-le.npy') },
    { name: 'preds.safetensors', kind: 'safetensors', bytes: array('metadata.safetensors') },
    { name: 'preds.parquet', kind: 'parquet', bytes: array('columns.parquet') },
  ]
  for (const { name, kind, bytes } of files) {
    test(`${kind} is told by the beginning that is waited for`, () => {
      const { leastBytes } = CONTAINERS.find((container) => container.name === kind)!
      expect(containerOf({ name, bytes: bytes.subarray(0, leastBytes), sizeBytes: bytes.length })?.name).toBe(kind)
    })
  }
})
