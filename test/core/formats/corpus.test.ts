import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { isLossRole } from '../../../src/core/records/fields.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'
import { hasSharedLogs, manifest, recordsOf, SHARED } from './shared-logs.ts'

interface Series {
  readonly steps: readonly (number | null)[]
  readonly values: readonly (number | string)[]
}

/** Kinds that are no lines of text: their readers have tests of their own. */
const NO_LINES = new Set([
  'catboost_training_json',
  'chainer_log_json',
  'deepobs_json',
  'hf_trainer_state',
  'megatron_golden_json',
  'predictions_csv',
  'tfevents',
  'wandb_binary',
  'wandb_summary_json',
])
/** What is read otherwise than the stored series have it, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  llm_stdout_interleaved: 'two processes write over each other in the middle of their words: what is whole is read',
  pgolf_placeholder: 'values without a step, which the stored series numbers',
}
/** Here the stored series only number their points, for which the file has a counter, or none. */
const NUMBERED = new Set(['coqui_trainer_log', 'keras_stdout'])

const UNHARMED = /^(?:HEALTHY|NOISY|PLATEAU|SPIKY_RECOVERS|PLACEHOLDER_NAN|SPIKE|NO_LOSS)$/
/** LightGBM found no split and its loss stood still: no NaN is certain there, and it is said as a warning. */
const STUCK = /^lgb_/
const IS_BINARY = /tfevents|\.wandb$|\.npz$|\.npy$|\.pt$|\.parquet$|\.safetensors$|\.gz$/

describe.skipIf(!hasSharedLogs)('real logs (in ../shared, where it is present)', () => {
  test('the loss series of the corpus are read point for point, each at its step', () => {
    const stored = storedSeries()
    const misread: string[] = []
    let points = 0
    for (const { local_path: path = '', format = '', verdict } of manifest('corpus')) {
      const kind = verdict === 'PLACEHOLDER_NAN' ? 'pgolf_placeholder' : format
      const expected = stored.get(path)
      if (NO_LINES.has(format) || kind in OTHERWISE || expected === undefined) continue
      points += expected.values.length
      const read = seriesOf(recordsOf(`${SHARED}/corpus/${path}`))
      const isRead = NUMBERED.has(format) ? hasValues(read, expected.values) : hasPoints(read, expected)
      if (!isRead) misread.push(path)
    }
    expect(misread).toEqual([])
    expect(points).toBe(95_916)
  })

  test('no log of a run that came to no harm gives a non-finite loss or a hidden one, and one without a loss gives none', () => {
    const alarms: string[] = []
    for (const [folder, column] of [
      ['corpus', 'local_path'],
      ['genuine', 'path'],
    ] as const) {
      for (const { verdict = '', format = '', [column]: name = '' } of manifest(folder)) {
        const path = `${SHARED}/${folder}/${name}`
        if (
          !UNHARMED.test(verdict) ||
          IS_BINARY.test(path) ||
          STUCK.test(name) ||
          NO_LINES.has(format) ||
          !existsSync(path)
        )
          continue
        const found = recordsOf(path).filter((record) => isAlarm(record, verdict === 'NO_LOSS'))
        if (found.length > 0) alarms.push(`${name}: ${JSON.stringify(found[0])}`)
      }
    }
    expect(alarms).toEqual([])
  })
})

function isAlarm(record: LogRecord, isWithoutLoss: boolean): boolean {
  if (record.kind !== 'scalars') return record.kind === 'hidden'
  return record.scalars.some(({ role, value }) => isLossRole(role) && (isWithoutLoss || typeof value === 'string'))
}

function storedSeries(): ReadonlyMap<string, Series> {
  const rows = gunzipSync(readFileSync(`${SHARED}/corpus/series.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')
  return new Map(
    rows.map((row) => {
      const { file, step, loss } = JSON.parse(row)
      return [file, { steps: step, values: loss }]
    }),
  )
}

/** Per metric its points, in order. */
function seriesOf(records: readonly LogRecord[]): ReadonlyMap<string, Series> {
  const series = new Map<string, { steps: (number | null)[]; values: (number | string)[] }>()
  for (const record of records) {
    if (record.kind !== 'scalars') continue
    for (const { metric, value } of record.scalars) {
      const known = series.get(metric) ?? { steps: [], values: [] }
      known.steps.push(record.step)
      known.values.push(value)
      series.set(metric, known)
    }
  }
  return series
}

/** Whether one metric has just these values, in order. */
function hasValues(read: ReadonlyMap<string, Series>, expected: Series['values']): boolean {
  return [...read.values()].some(
    ({ values }) =>
      values.length === expected.length && values.every((value, index) => isSame(value, expected[index]!)),
  )
}

/** Whether one metric has all the points, or all metrics together where a stored series is put together from several. */
function hasPoints(read: ReadonlyMap<string, Series>, expected: Series): boolean {
  const all = [...read.values()]
  const together = { steps: all.flatMap(({ steps }) => steps), values: all.flatMap(({ values }) => values) }
  return expected.values.length === 0 || [...all, together].some((series) => holds(series, expected))
}

function holds({ steps, values }: Series, expected: Series): boolean {
  const left = new Map<number | null, (number | string)[]>()
  for (const [index, value] of values.entries()) {
    const step = steps[index]!
    const known = left.get(step)
    if (known === undefined) left.set(step, [value])
    else known.push(value)
  }
  return expected.values.every((value, index) => {
    const found = left.get(expected.steps[index]!)
    const at = found?.findIndex((other) => isSame(other, value)) ?? -1
    found?.splice(at, at < 0 ? 0 : 1)
    return at >= 0
  })
}

/** The stored series are rounded to a few digits, and spell what is not finite as Python does. */
function isSame(value: number | string, expected: number | string): boolean {
  if (typeof value === 'number' && typeof expected === 'number') {
    return Math.abs(value - expected) <= 1e-5 * Math.abs(expected)
  }
  return String(value).toLowerCase().replace('infinity', 'inf') === expected
}
