import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONTAINERS } from '../../../src/core/formats/containers/index.ts'
import { measureBatch } from '../../../src/core/measure/batch-measure.ts'
import type { PredictionBatch } from '../../../src/core/measure/prediction-batch.ts'
import type { LogRecord } from '../../../src/core/records/format.ts'
import { readText } from './lines.ts'
import { readWhole } from './whole-file.ts'

/** Runs of real frameworks, where this checkout stands beside them; they are other people's data. */
const GENUINE = join(import.meta.dirname, '../../../../shared/genuine')
const CORPUS = join(import.meta.dirname, '../../../../shared/corpus')
const isThere = existsSync(GENUINE) && existsSync(CORPUS)

interface Dump {
  readonly job: string
  readonly format: string
  readonly batches: number
  readonly n: number
  readonly k: number
}

function batchesOf(records: readonly LogRecord[]): PredictionBatch[] {
  return records.flatMap((record) => (record.kind === 'batch' ? [record.batch] : []))
}

/** The batches of a job, whatever it writes them to. */
function batchesIn(job: string): PredictionBatch[] {
  const folder = join(GENUINE, job)
  const preds = join(folder, 'preds')
  const dumps = existsSync(preds) ? preds : folder
  const names = readdirSync(dumps).sort()
  const texts = names.filter((name) => /^predictions\.(?:jsonl|csv)$/.test(name))
  return batchesOf([
    ...texts.flatMap((name) => readText(readFileSync(join(dumps, name), 'utf8')).records),
    ...names.flatMap((name) => readWhole(CONTAINERS, dumps, name)),
  ])
}

/** Format, job, and how many batches of how many rows and classes: as the manifest has it. */
function dumps(): readonly Dump[] {
  const lines = readFileSync(join(GENUINE, 'MANIFEST.tsv'), 'utf8').split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, job = '', , format = '', verdict, , , , , , , note = ''] = line.split('\t')
    if (verdict !== 'PREDICTIONS' || !job.startsWith('pred_') || format === 'pt') return []
    const [, k] = /K=(\d+)/.exec(note) ?? []
    const [, n] = /N=(\d+)/.exec(note) ?? []
    return [{ job, format, batches: losses(job).size, n: Number(n), k: Number(k) }]
  })
}

/** The loss that the job printed at each step: that of the numbers it had, clipped and weighted as it liked. */
function losses(job: string): ReadonlyMap<number, number> {
  const text = readFileSync(join(GENUINE, job, 'train.log'), 'utf8')
  return new Map(
    [...text.matchAll(/^step (\d+) \| loss (\S+)$/gm)].map(([, step, loss]) => [Number(step), Number(loss)]),
  )
}

/** Jobs whose loss is the plain cross-entropy of what they wrote; the others have it changed, which is their cause. */
const PLAIN = /^(?:healthy|overconf|chance|spike|shuffled)$/

describe.skipIf(!isThere)('dumps of genuine runs', () => {
  const all = isThere ? dumps() : []

  test('the manifest names dumps of each format', () => {
    expect(new Set(all.map(({ format }) => format))).toEqual(
      new Set(['jsonl', 'rowjsonl', 'npz', 'npy', 'safetensors', 'parquet', 'csv']),
    )
  })

  test.each(all)('$job ($format) gives a batch of $n rows and $k classes for each step', ({ job, batches, n, k }) => {
    const found = batchesIn(job)
    // A batch without a single row is no batch; at most one job has one.
    expect(found.length).toBeGreaterThanOrEqual(batches - 1)
    expect(found.length).toBeLessThanOrEqual(batches)
    expect(found.map((batch) => batch.step)).toEqual(
      [...new Set(found.map((batch) => batch.step))].sort((a, b) => a! - b!),
    )
    expect(found.every((batch) => batch.k === k && batch.n === n)).toBe(true)
  })

  const plain = all.filter(({ job }) => PLAIN.test(job.split('_')[1]!) && !job.includes('bf16'))
  test.each(plain)('$job ($format): the loss of the batches is the one that the job printed', ({ job }) => {
    const printed = losses(job)
    const found = batchesIn(job)
    expect(found.length).toBe(printed.size)
    for (const batch of found) {
      const loss = Number(measureBatch(batch).crossEntropy)
      expect(Math.abs(loss - printed.get(batch.step!)!)).toBeLessThan(2e-5 * Math.max(1, loss))
    }
  })

  test('bfloat16 is told, and its loss agrees as far as its digits go', () => {
    const found = batchesIn('pred_healthy_bf16_safetensors')
    expect(found).toHaveLength(40)
    for (const batch of found) {
      expect(batch.dtype).toBe('bfloat16')
      expect(Number(batch.reportedLoss) / Number(measureBatch(batch).crossEntropy)).toBeCloseTo(1, 1)
    }
  })

  test('an epoch of Dataset Cartography is one batch, and turns NaN where the training did', () => {
    const found = [0, 1, 2, 3, 4, 5].flatMap((epoch) => {
      const path = join(GENUINE, `carto_nan/training_dynamics/dynamics_epoch_${epoch}.jsonl`)
      return batchesOf(readText(readFileSync(path, 'utf8')).records)
    })
    expect(found.map(({ step, kind, n, k }) => [step, kind, n, k])).toEqual(
      [0, 1, 2, 3, 4, 5].map((epoch) => [epoch, 'logits', 120, 3]),
    )
    expect(found.map((batch) => measureBatch(batch).nan.count > 0)).toEqual([false, false, false, true, true, true])
  })

  test('the samples of lm-evaluation-harness are one batch of choices', () => {
    const folder = join(GENUINE, 'lmeval_healthy/out/qdpv68r5')
    const name = readdirSync(folder).find((candidate) => candidate.startsWith('samples_'))!
    const [batch, ...more] = batchesOf(readText(readFileSync(join(folder, name), 'utf8')).records)
    expect(more).toEqual([])
    expect(batch).toMatchObject({ kind: 'logits', n: 24, k: 3 })
    expect(measureBatch(batch!).badLabel.count).toBe(0)
  })

  test('tables of guesses and predictions of Vowpal Wabbit claim no loss and no batch', () => {
    for (const group of ['predictions_csv', 'vw_predict']) {
      const folder = join(CORPUS, group)
      const names = readdirSync(folder)
      expect(names.length).toBeGreaterThan(2)
      for (const name of names) {
        const { records } = readText(readFileSync(join(folder, name), 'utf8'))
        expect(batchesOf(records)).toEqual([])
        const roles = records.flatMap((record) => (record.kind === 'scalars' ? record.scalars : []))
        expect(roles.filter(({ role }) => role !== 'other')).toEqual([])
      }
    }
  })
})
