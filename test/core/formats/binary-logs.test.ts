import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { HEAD_BYTES } from '../../../src/core/formats/containers/container.ts'
import { tfevents } from '../../../src/core/formats/containers/tfevents.ts'
import { wandb } from '../../../src/core/formats/containers/wandb.ts'
import { leveldbLog } from '../../../src/core/reading/leveldb-log.ts'
import { tfrecord } from '../../../src/core/reading/tfrecord.ts'
import type { MetricValue } from '../../../src/protocol/value.ts'
import { follow } from '../reading/frames.ts'

const FIXTURES = resolve(import.meta.dirname, '../../fixtures')
/** Real logs of other people's projects; they stay outside the project, and the tests run where they are. */
const SHARED = resolve(import.meta.dirname, '../../../../shared')

interface Series {
  readonly role: string
  readonly points: (readonly [step: number | null, value: MetricValue])[]
}

/** Per metric its points, read as the file grows by `growthBytes` at a time. */
function seriesOf(path: string, growthBytes = Infinity): ReadonlyMap<string, Series> {
  const file = new Uint8Array(readFileSync(path))
  const head = { name: basename(path), bytes: file.subarray(0, HEAD_BYTES), sizeBytes: file.length }
  const container = [tfevents, wandb].find((each) => each.recognises(head))
  if (container === undefined) throw new Error(`${path} is not recognised`)
  const framing = container.framing === tfrecord.name ? tfrecord : leveldbLog
  const sizes = Array.from({ length: Math.floor(file.length / growthBytes) }, (_, piece) => piece * growthBytes)

  const series = new Map<string, Series>()
  const { frames, damage } = follow(framing, file, sizes)
  expect(damage).toBeNull()
  for (const { result } of frames.flatMap((frame) => container.parse(frame, null, head.name).results)) {
    if (result.kind === 'reject') throw new Error(`${path}: ${result.detail}`)
    for (const record of result.kind === 'records' ? result.records : []) {
      if (record.kind !== 'scalars') continue
      for (const { metric, role, value } of record.scalars) {
        const known = series.get(metric) ?? { role, points: [] }
        known.points.push([record.step, value])
        series.set(metric, known)
      }
    }
  }
  return series
}

function firstBadStep({ points }: Series): number | null {
  return points.find(([, value]) => typeof value === 'string')?.[0] ?? null
}

describe('files that the real writers made', () => {
  const files = [
    { file: 'tensorboard/events.out.tfevents.simple-healthy', metric: 'Loss/train', firstBad: null, perStep: 1 },
    { file: 'tensorboard/events.out.tfevents.simple-nan', metric: 'Loss/train', firstBad: 12, perStep: 1 },
    { file: 'tensorboard/events.out.tfevents.simple-inf', metric: 'Loss/train', firstBad: 12, perStep: 1 },
    { file: 'tensorboard/events.out.tfevents.tensor-healthy', metric: 'epoch_loss', firstBad: null, perStep: 1 },
    { file: 'tensorboard/events.out.tfevents.tensor-nan', metric: 'epoch_loss', firstBad: 12, perStep: 1 },
    { file: 'tensorboard/events.out.tfevents.tensor-inf', metric: 'epoch_loss', firstBad: 12, perStep: 1 },
    { file: 'wandb/run-healthy.wandb', metric: 'train/loss', firstBad: null, perStep: 10 },
    { file: 'wandb/run-nan.wandb', metric: 'train/loss', firstBad: 120, perStep: 10 },
  ]
  for (const { file, metric, firstBad, perStep } of files) {
    test(`${file} is read point for point, however it grows`, () => {
      const series = seriesOf(`${FIXTURES}/${file}`)
      const loss = series.get(metric)!
      expect(loss.role).toBe('train_loss')
      expect(loss.points.map(([step]) => step)).toEqual(Array.from({ length: 20 }, (_, index) => index * perStep))
      expect(firstBadStep(loss)).toBe(firstBad)
      for (const [step, value] of loss.points) {
        const expected = Math.fround(2 * 0.9 ** (step! / perStep))
        if (typeof value === 'number') expect(Math.fround(value)).toBe(expected)
      }
      expect(seriesOf(`${FIXTURES}/${file}`, 97)).toEqual(series)
    })
  }

  test('histograms and texts beside the scalars give no series', () => {
    expect([...seriesOf(`${FIXTURES}/tensorboard/events.out.tfevents.simple-nan`).keys()]).toEqual([
      'Loss/train',
      'Loss/val',
    ])
    expect([...seriesOf(`${FIXTURES}/wandb/run-nan.wandb`).keys()].sort()).toEqual(['lr', 'peak', 'train/loss'])
  })
})

/** Whether a series has these steps and these values, up to the eight digits that they are listed with. */
function isSame({ points }: Series, steps: readonly number[], values: readonly number[]): boolean {
  if (points.length !== steps.length) return false
  return points.every(
    ([step, value], index) =>
      step === steps[index] && Math.abs(Number(value) - values[index]!) <= 1e-7 * Math.abs(values[index]!),
  )
}

type Row = Readonly<Record<string, string>>

function manifest(folder: string): readonly Row[] {
  const [head = '', ...rows] = readFileSync(`${SHARED}/${folder}/MANIFEST.tsv`, 'utf8').trimEnd().split(/\r?\n/)
  const names = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((cell, column) => [names[column] ?? '', cell])))
}

describe.skipIf(!existsSync(SHARED))('real files (in ../shared, where it is present)', () => {
  test('the loss series of the corpus are read point for point', () => {
    const known = gunzipSync(readFileSync(`${SHARED}/corpus/series.jsonl.gz`))
      .toString()
      .trimEnd()
      .split('\n')
    const files = known.map((line) => JSON.parse(line)).filter(({ file }) => /^(?:tfevents|wandb_binary)\//.test(file))
    let points = 0
    for (const { file, step, loss } of files) {
      const series = [...seriesOf(`${SHARED}/corpus/${file}`).values()]
      const isRead = series.some((each) => isSame(each, step, loss))
      expect(loss.length === 0 ? series.length === 0 : isRead, file).toBe(true)
      points += loss.length
    }
    expect(files.length).toBe(9)
    expect(points).toBe(6381)
  })

  test('the first bad step of each genuine file is found, and no healthy loss is bad', () => {
    const read: Record<string, number> = {}
    for (const { path, format, verdict, loss_field, first_bad_step, note } of manifest('genuine')) {
      if (format !== 'tfevents') continue
      const series = seriesOf(`${SHARED}/genuine/${path}`)
      if (verdict === 'AUX') continue
      const loss = series.get(loss_field!)!
      expect(loss.points.length, path).toBe(Number(note!.split('[n=')[1]?.split(']')[0]))
      const badLosses = [...series].filter(([, each]) => each.role.endsWith('_loss') && firstBadStep(each) !== null)
      if (verdict === 'FAIL') expect(firstBadStep(loss), path).toBe(Number(first_bad_step))
      else expect(badLosses, path).toEqual([])
      read[verdict!] = (read[verdict!] ?? 0) + 1
    }
    // The four whose NaN is masked: TensorFlow's fused kernels turn it into 0 before the loss is computed.
    expect(read).toEqual({ FAIL: 11, HEALTHY: 6, PLATEAU: 1, MASKED_NAN: 4 })
  })
})
