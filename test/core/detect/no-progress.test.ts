import { describe, expect, test } from 'vitest'
import { noProgress } from '../../../src/core/detect/no-progress.ts'
import { testDetector } from './conformance.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, seenRecord, storyOf } from './observations.ts'

function flat(count: number, share = 0.01, lr = 1e-4, seed = 61) {
  const normal = noise(seed)
  return recordsOf(
    curve(count, () => 1.5 * (1 + share * normal())),
    lr,
  )
}

function recordsOf(values: readonly number[], lr = 1e-4) {
  return values.map((loss, step) => seenRecord({ loss, lr }, { step }))
}

testDetector(noProgress, {
  healthy: recordsOf(noisyFall(20)),
  fault: flat(200).map((record) => ({ ...record, at: { ...record.at, attempt: 1 } })),
  poison: [seenRecord({ loss: Number.NaN, lr: 1 }), seenRecord({ loss: Infinity, lr: Number.NaN })],
})

describe('no progress', () => {
  test('is noted of a loss that varies about one level, and no more than noted', () => {
    expect(findingsIn(noProgress, flat(300))).toMatchObject([{ kind: 'raise', severity: 'info', at: { step: 59 } }])
  })

  test('is not noted where the noise could hide a fall', () => {
    expect(storyOf(noProgress, flat(60, 0.3))).toEqual([])
  })

  test('is not noted of a loss that falls, or has fallen, or rises', () => {
    expect(storyOf(noProgress, recordsOf(noisyFall(300)))).toEqual([])
    expect(storyOf(noProgress, recordsOf([...noisyFall(100), ...curve(500, () => 1)]))).toEqual([])
    expect(storyOf(noProgress, recordsOf(curve(300, (index) => 1 + index / 100)))).toEqual([])
  })

  test('is not noted where the loss fell between its first value and its second', () => {
    const normal = noise(62)
    const values = curve(300, (index) => (index === 0 ? 9 : 1.5 * (1 + 0.01 * normal())))
    expect(storyOf(noProgress, recordsOf(values))).toEqual([])
  })

  test('is called off when the loss begins to fall after a plateau', () => {
    const normal = noise(63)
    const values = curve(600, (index) => (index < 150 ? 2 : 2 / (1 + (index - 150) / 100)) * (1 + 0.01 * normal()))
    const found = findingsIn(noProgress, recordsOf(values))
    expect(found).toMatchObject([{ kind: 'raise' }, { kind: 'clear', calledOff: 'It has fallen since.' }])
  })

  test('is left to learning-rate-zero where the learning rate is 0, and is not judged without one', () => {
    expect(storyOf(noProgress, flat(300, 0.01, 0))).toEqual([])
    expect(
      storyOf(
        noProgress,
        curve(300, () => 1).map((loss, step) => seenRecord({ loss }, { step })),
      ),
    ).toEqual([])
  })

  test('an epoch mean that the file logs beside the loss of each step is not mixed with it', () => {
    const mixed = flat(300).flatMap((record, at) =>
      at % 10 === 0 ? [record, seenRecord({ loss: 40 - at / 10 }, { step: at, metric: 'train_loss' })] : [record],
    )
    expect(storyOf(noProgress, mixed)).toEqual(['raise 59'])
  })
})
