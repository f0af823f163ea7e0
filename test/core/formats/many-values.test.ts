import { expect, test } from 'vitest'
import { csv } from '../../../src/core/formats/csv.ts'
import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { FORMATS } from '../../../src/core/formats/index.ts'
import { jsonLines } from '../../../src/core/formats/json-lines.ts'
import { keyValue } from '../../../src/core/formats/key-value.ts'
import { pythonDict } from '../../../src/core/formats/python-dict.ts'
import { MAX_PARTS } from '../../../src/core/literals/literal-scanner.ts'
import { advance } from '../../../src/core/pipeline/advance.ts'
import { NO_LINES } from '../../../src/core/pipeline/content.ts'
import { Lines } from '../../../src/core/reading/lines.ts'
import { type Format, MAX_METRICS } from '../../../src/core/records/format.ts'
import { NEW_FILE } from '../../../src/core/state/file-state.ts'
import { EMPTY_MEMORY } from '../../../src/core/state/run-memory.ts'
import { linesOf, parseAll } from './lines.ts'

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `layer_${n}`)
}

function jsonOf(count: number, more = ''): string {
  return `{"loss":NaN${more}${names(count).map((name) => `,"${name}":1`)}}`.replaceAll(',,', ',')
}

/** The number of metrics that were read, and what was not. */
function outcome(format: Format, ...texts: string[]) {
  const result = parseAll(format, texts).at(-1)
  if (result?.kind !== 'records') return result
  const [record] = result.records
  return { metrics: record?.kind === 'scalars' ? record.scalars.length : null, unread: result.unread ?? null }
}

test('as many metrics as a record may bring are all read', () => {
  expect(outcome(jsonLines, jsonOf(MAX_METRICS - 1))).toEqual({ metrics: MAX_METRICS, unread: null })
})

test('of more metrics the first are read, and it is said that there are more', () => {
  const unread = 'more than 2048 metrics: those behind them were not read'
  const python = `{'loss': nan, ${names(MAX_METRICS).map((name) => `'${name}': 1`)}}`
  expect(outcome(jsonLines, jsonOf(MAX_METRICS))).toEqual({ metrics: MAX_METRICS, unread })
  expect(outcome(pythonDict, python)).toEqual({ metrics: MAX_METRICS, unread })
})

test('a record of too many names is rejected, whatever parser would read it', () => {
  for (const text of [jsonOf(MAX_PARTS), jsonOf(MAX_PARTS).replace('NaN', '1'), jsonOf(MAX_PARTS, ',"a":[]')]) {
    expect(parseAll(jsonLines, [text])).toMatchObject([{ kind: 'reject', reason: 'too-many-values' }])
  }
  const python = `{${names(MAX_PARTS).map((name) => `'${name}': 1`)}}`
  expect(parseAll(pythonDict, [python])).toMatchObject([{ kind: 'reject', reason: 'too-many-values' }])
})

test('what a string holds is no name', () => {
  expect(outcome(jsonLines, `{"loss":1,"note":"${'a:{'.repeat(MAX_PARTS)}"}`)).toEqual({ metrics: 1, unread: null })
})

test('a table has a header of at most 2,048 columns', () => {
  const header = ['step', ...names(2047)]
  expect(outcome(csv, header.join(), header.map(() => '1').join())).toEqual({ metrics: 2047, unread: null })
  const wider = [...header, 'one more']
  expect(outcome(csv, wider.join(), wider.map(() => '1').join())).toEqual({ kind: 'skip' })
})

test('of an endless line of text the beginning is read, and it is said that it goes on', () => {
  const line = `step 3 loss nan ${'weight 0.5 '.repeat(5000)}`
  expect(outcome(keyValue, line)).toEqual({
    metrics: 2,
    unread: 'a line of more than 4096 words and signs: what is behind them was not read',
  })
  expect(outcome(keyValue, 'some words '.repeat(5000))).toEqual({ kind: 'skip' })
})

test('what was not read of a line of another rank is told as well', () => {
  const jsonOfRanks = FORMATS.find(({ name }) => name === jsonLines.name)!
  expect(parseAll(jsonOfRanks, [`[rank3]: ${jsonOf(MAX_METRICS + 7)}`])).toMatchObject([
    { kind: 'records', unread: `more than ${MAX_METRICS} metrics: those behind them were not read` },
  ])
})

test('what was not read of a line is counted as a reject, and its loss is judged all the same', () => {
  const place = { run: 'a', file: '/runs/a', backfillUntil: 0, nowIso: '2026-03-01T12:00:00.000Z' }
  const lines = Lines.of(linesOf([jsonOf(MAX_METRICS + 7)]))
  const { rejects, transitions, file } = advance(
    { ...place, content: { ...NO_LINES, lines }, isFinal: true },
    NEW_FILE,
    EMPTY_MEMORY,
    { epsilon: 1e-10, detectors: {}, formats: BUILT_IN },
  )
  expect(rejects).toMatchObject([{ reason: 'too-many-values', offset: 0 }])
  expect(file.counts).toMatchObject({ samples: MAX_METRICS, rejects: 1 })
  expect(transitions).toMatchObject([{ alert: { rule: 'non-finite', metric: 'loss' } }])
})
