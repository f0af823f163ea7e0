import { expect, test } from 'vitest'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { type Line, Lines } from '../../../src/core/reading/lines.ts'
import { type FileState, MAX_SERIES, NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'

/** Reads one record for each list of metrics, each of them 1. */
function read(state: FileState, ...records: readonly (readonly string[])[]) {
  const lines = records.map((metrics, index): Line => {
    const text = JSON.stringify({ step: index, ...Object.fromEntries(metrics.map((metric) => [metric, 1])) })
    return { offset: index * 100_000, text, bytes: text.length }
  })
  const place = { run: 'exp7', file: 'train.jsonl', backfillUntil: 0, nowIso: 'now' }
  return advance({ ...place, content: { ...NO_LINES, lines: Lines.of(lines) }, isFinal: false }, state, EMPTY_MEMORY, {
    epsilon: 1e-10,
    detectors: {},
    formats: BUILT_IN,
  })
}

/** A file that has as many metrics as a file may have. */
function fullFile(): FileState {
  const names = Array.from({ length: MAX_SERIES - 1 }, (_, n) => `layer${n}`)
  return read(NEW_FILE, ['loss', ...names.slice(0, 2000)], names.slice(2000, 4000), names.slice(4000)).file
}

test('a file that invents metrics keeps the first ones, and says once that others are not read', () => {
  const full = fullFile()
  expect(Object.keys(full.series)).toHaveLength(MAX_SERIES)
  expect(full.isFull).toBeUndefined()

  const { file, samples, rejects } = read(full, ['loss', 'one_more'], ['another', 'layer7'])
  expect([...samples].map(({ metric }) => metric)).toEqual(['loss', 'layer7'])
  expect(rejects).toMatchObject([{ reason: 'too-many-values', offset: 0, excerpt: '{"step":0,"loss":1,"one_more":1}' }])
  expect(Object.keys(file.series)).toHaveLength(MAX_SERIES)

  const later = read(file, ['a_third', 'loss'])
  expect([...later.samples].map(({ metric }) => metric)).toEqual(['loss'])
  expect(later.rejects).toEqual([])
})

test('as many metrics as a file may have are no problem', () => {
  const { samples, rejects } = read(fullFile(), ['loss', 'layer1'])
  expect(samples).toHaveLength(2)
  expect(rejects).toEqual([])
})
