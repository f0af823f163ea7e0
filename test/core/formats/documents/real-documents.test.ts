import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type FileHead, HEAD_BYTES } from '../../../../src/core/formats/containers/container.ts'
import { jsonDocument } from '../../../../src/core/formats/containers/json-document.ts'
import type { LogRecord } from '../../../../src/core/records/format.ts'
import { readVersion } from './versions.ts'

/** Real documents of other people's projects; they stay outside the project, and the tests run where they are. */
const SHARED = resolve(import.meta.dirname, '../../../../../shared')

type Row = Readonly<Record<string, string>>

interface Expected {
  readonly step: readonly (number | null)[]
  readonly loss: readonly (number | string)[]
}

/** The kinds of the corpus that are documents: how each is named here, and the metric that its series is of. */
const DOCUMENTS: Readonly<Record<string, readonly [kind: string, metric: string]>> = {
  hf_trainer_state: ['hf-trainer-state', 'loss'],
  deepobs_json: ['deepobs', 'minibatch_train_losses'],
  megatron_golden_json: ['megatron-golden', 'lm loss'],
  catboost_training_json: ['catboost-training', 'learn/CrossEntropy'],
  chainer_log_json: ['json-series', 'uPU/loss'],
}

describe.skipIf(!existsSync(SHARED))('real documents (in ../shared, where it is present)', () => {
  test('the series of the corpus are read point for point, under the role of a training loss', () => {
    const truth = new Map<string, Expected>()
    for (const line of gunzipSync(readFileSync(`${SHARED}/corpus/series.jsonl.gz`))
      .toString()
      .trimEnd()
      .split('\n')) {
      const series = JSON.parse(line)
      truth.set(series.file, series)
    }
    const misread: string[] = []
    let files = 0
    for (const { local_path: path = '', format = '' } of manifest('corpus')) {
      const [kind, metric] = DOCUMENTS[format] ?? []
      if (kind === undefined || metric === undefined) continue
      files++
      const { records, rejects, kindOf } = read(`${SHARED}/corpus/${path}`)
      const isRole = metric === 'uPU/loss' || roleOf(records, metric) === 'train_loss'
      const isRead = isSame(pointsOf(records, metric), truth.get(path)!)
      if (kindOf !== kind || !isRole || !isRead || rejects.length > 0) misread.push(path)
    }
    expect(misread).toEqual([])
    expect(files).toBe(24)
  })

  test('a loss that Megatron-LM did not record is a placeholder in each file', () => {
    const counts = manifest('corpus')
      .filter(({ format }) => format === 'megatron_golden_json')
      .map(({ local_path = '' }) => {
        const { records } = read(`${SHARED}/corpus/${local_path}`)
        const holes = records.filter((record) => record.kind === 'scalars' && record.isPlaceholder)
        const bare = records.filter((record) => !holes.includes(record) && nonFinite(record).length > 0)
        return [holes.length, bare.length]
      })
    expect(counts).toEqual([
      [28, 0],
      [828, 0],
      [57, 0],
      [0, 0],
    ])
  })

  test('the first bad step of each genuine document is the one that is known, and the healthy ones have none', () => {
    const wrong: string[] = []
    let files = 0
    for (const row of manifest('genuine')) {
      const { path = '', verdict = '' } = row
      if (!/(?:trainer_state|history)\.json$/.test(path)) continue
      files++
      const { records, kindOf } = read(`${SHARED}/genuine/${path}`)
      const losses = records.flatMap((record) => nonFinite(record).filter(({ metric }) => metric === 'loss'))
      const first = losses[0]?.step ?? null
      const known = verdict === 'FAIL' && row['first_bad_step'] ? Number(row['first_bad_step']) : null
      const kind = path.endsWith('history.json') ? 'json-series' : 'hf-trainer-state'
      if (first !== known || kindOf !== kind || pointsOf(records, 'loss').step.length === 0)
        wrong.push(`${path}: ${first} for ${known}`)
    }
    expect(wrong).toEqual([])
    expect(files).toBe(43)
  })

  test('documents without a series claim no loss', () => {
    const paths = [
      ...manifest('corpus')
        .filter(({ format }) => format === 'wandb_summary_json')
        .map(({ local_path }) => `corpus/${local_path}`),
      ...manifest('genuine')
        .filter(({ path = '', verdict }) => path.endsWith('.json') && verdict === 'AUX')
        .map(({ path }) => `genuine/${path}`),
    ]
    const claims = paths.filter((path) => read(`${SHARED}/${path}`).records.length > 0)
    expect(claims).toEqual([])
    expect(paths.length).toBe(20)
  })

  test('of all files that are there only the documents are taken for some', () => {
    const taken = manifest('corpus')
      .filter(({ local_path = '' }) => jsonDocument.recognises(headOf(`${SHARED}/corpus/${local_path}`)))
      .map(({ format = '' }) => format)
    expect(new Set(taken)).toEqual(new Set([...Object.keys(DOCUMENTS), 'wandb_summary_json']))
    expect(taken.length).toBe(25)
  })
})

function manifest(folder: string): readonly Row[] {
  const [head = '', ...rows] = readFileSync(`${SHARED}/${folder}/MANIFEST.tsv`, 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, column) => [names[column] ?? '', cell])))
}

function headOf(path: string): FileHead {
  const bytes = readFileSync(path)
  return { name: basename(path), bytes: bytes.subarray(0, HEAD_BYTES), sizeBytes: bytes.length }
}

function read(path: string) {
  const version = readVersion(readFileSync(path), undefined, basename(path))
  expect(jsonDocument.recognises(headOf(path)), path).toBe(true)
  return { ...version, kindOf: version.state.kind }
}

function pointsOf(records: readonly LogRecord[], name: string): Expected {
  const step: (number | null)[] = []
  const loss: (number | string)[] = []
  for (const record of records) {
    if (record.kind !== 'scalars') continue
    for (const { metric, value } of record.scalars) {
      if (metric !== name) continue
      step.push(record.step)
      loss.push(value)
    }
  }
  return { step, loss }
}

function nonFinite(record: LogRecord) {
  if (record.kind !== 'scalars') return []
  return record.scalars
    .filter(({ value }) => typeof value === 'string')
    .map(({ metric }) => ({ metric, step: record.step }))
}

function roleOf(records: readonly LogRecord[], name: string): string | undefined {
  for (const record of records) {
    const scalar = record.kind === 'scalars' ? record.scalars.find(({ metric }) => metric === name) : undefined
    if (scalar !== undefined) return scalar.role
  }
  return undefined
}

/** The stored series are rounded to a few digits, and spell what is not finite as Python does. */
function isSame(read: Expected, expected: Expected): boolean {
  if (read.step.length !== expected.step.length) return false
  return read.loss.every((value, index) => {
    const other = expected.loss[index]!
    if (read.step[index] !== expected.step[index]) return false
    if (typeof value === 'string' || typeof other === 'string') {
      return String(value).toLowerCase().replace('infinity', 'inf') === other
    }
    return Math.abs(value - other) <= 1e-5 * Math.abs(other)
  })
}
