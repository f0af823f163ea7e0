import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../../../src/core/formats/format.ts'
import { finishReader, readLine, startReader } from '../../../src/core/formats/reader.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'

/** Real logs of other people's projects; they stay outside the project, and the tests run where they are. */
const SHARED = resolve(import.meta.dirname, '../../../../shared')

type Row = Readonly<Record<string, string>>

function manifest(folder: string): readonly Row[] {
  const [head = '', ...rows] = readFileSync(`${SHARED}/${folder}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, column) => [names[column] ?? '', cell])))
}

function recordsOf(path: string): readonly LogRecord[] {
  const records: LogRecord[] = []
  let state = startReader()
  const take = ({ results }: ReturnType<typeof readLine>) => {
    for (const { result } of results) if (result.kind === 'records') records.push(...result.records)
  }
  for (const line of splitLines(readFileSync(path), 0, true).lines) {
    const step = readLine(state, line)
    state = step.state
    take(step)
  }
  take(finishReader(state))
  return records
}

/** Per metric its values, in order. */
function seriesOf(records: readonly LogRecord[]): ReadonlyMap<string, { role: string; values: (number | string)[] }> {
  const series = new Map<string, { role: string; values: (number | string)[] }>()
  for (const record of records) {
    if (record.kind !== 'scalars') continue
    for (const { metric, role, value } of record.scalars) {
      const known = series.get(metric) ?? { role, values: [] }
      known.values.push(value)
      series.set(metric, known)
    }
  }
  return series
}

const LINE_FORMATS = [
  'algoperf_measurements_csv',
  'catboost_tsv',
  'detectron2_metrics_json',
  'keras_csvlogger',
  'llamafactory_trainer_log',
  'marian_train_log',
  'mmengine_log',
  'mmengine_scalars_json',
  'modded_nanogpt_txt',
  'msswift_logging_jsonl',
  'pgolf_stdout',
  'plain_epoch_txt',
  'python_logging_epoch',
  'torch_wordlm_stdout',
  'wandb_csv_export',
  'yolo_results_csv',
]
const UNHARMED = /^(?:HEALTHY|NOISY|PLATEAU|SPIKY_RECOVERS|PLACEHOLDER_NAN|SPIKE)$/
const IS_BINARY = /tfevents|\.wandb$|\.npz$|\.npy$|\.pt$|\.parquet$|\.safetensors$|\.gz$/

describe.skipIf(!existsSync(SHARED))('real logs (in ../shared, where it is present)', () => {
  test('the loss series of the corpus are read point for point', () => {
    const series = new Map<string, readonly (number | string)[]>()
    for (const row of gunzipSync(readFileSync(`${SHARED}/corpus/series.jsonl.gz`))
      .toString()
      .trimEnd()
      .split('\n')) {
      const { file, loss } = JSON.parse(row)
      series.set(file, loss)
    }
    const misread: string[] = []
    let files = 0
    for (const { local_path: path = '', format = '', verdict } of manifest('corpus')) {
      const expected = series.get(path)
      if (!LINE_FORMATS.includes(format) || expected === undefined || verdict === 'PLACEHOLDER_NAN') continue
      files++
      const read = [...seriesOf(recordsOf(`${SHARED}/corpus/${path}`)).values()]
      if (!read.some(({ values }) => isSame(values, expected))) misread.push(path)
    }
    expect(misread).toEqual([])
    expect(files).toBeGreaterThan(60)
  })

  test('no log of a run that came to no harm gives a non-finite loss', () => {
    const alarms: string[] = []
    for (const [folder, column] of [
      ['corpus', 'local_path'],
      ['genuine', 'path'],
    ] as const) {
      for (const row of manifest(folder)) {
        const path = `${SHARED}/${folder}/${row[column]}`
        if (!UNHARMED.test(row['verdict'] ?? '') || IS_BINARY.test(path) || !existsSync(path)) continue
        for (const [metric, { role, values }] of seriesOf(recordsOf(path))) {
          if (/loss/.test(role) && values.some((value) => typeof value === 'string')) alarms.push(`${path}: ${metric}`)
        }
      }
    }
    expect(alarms).toEqual([])
  })
})

/** The stored series are rounded to a few digits, and spell what is not finite as Python does. */
function isSame(values: readonly (number | string)[], expected: readonly (number | string)[]): boolean {
  if (values.length !== expected.length) return false
  return values.every((value, index) => {
    const other = expected[index]!
    if (typeof value === 'string' || typeof other === 'string') {
      return String(value).toLowerCase().replace('infinity', 'inf') === other
    }
    return Math.abs(value - other) <= 1e-5 * Math.abs(other)
  })
}
