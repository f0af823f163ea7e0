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

  test('is noted of a loss that surely rises, by as much as it says, and no more than noted', () => {
    const normal = noise(64)
    const rising = (count: number, share: number, drawn = 0.03) =>
      recordsOf(curve(count, (index) => 2.3 * (1 + (share * index) / count) * (1 + drawn * normal())))
    for (const count of [20, 60, 140]) {
      const [found, ...others] = findingsIn(noProgress, rising(count, 0.7))
      expect(found).toMatchObject({ kind: 'raise', severity: 'info', facts: { risen: expect.any(Number) } })
      expect(others).toEqual([])
    }
    expect(storyOf(noProgress, rising(60, 0.7, 0.5))).toEqual([])
    const moving = rising(60, 0.7).map((record) => ({ ...record, hasMovingTarget: true }))
    expect(storyOf(noProgress, moving)).toEqual([])
  })

  test('is not noted of a loss that falls, or has fallen', () => {
    expect(storyOf(noProgress, recordsOf(noisyFall(300)))).toEqual([])
    expect(storyOf(noProgress, recordsOf([...noisyFall(100), ...curve(500, () => 1)]))).toEqual([])
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

  test('is left to learning-rate-zero where the learning rate is 0', () => {
    expect(storyOf(noProgress, flat(300, 0.01, 0))).toEqual([])
  })

  test('is judged of a loss alone by the same test, unless its target moves', () => {
    const alone = (records: ReturnType<typeof flat>) =>
      records.map((record) => ({ ...record, samples: record.samples.filter(({ role }) => role === 'train_loss') }))
    expect(findingsIn(noProgress, alone(flat(200)))).toMatchObject([
      { severity: 'info', at: { step: 59 }, facts: { largestRate: null } },
    ])
    expect(findingsIn(noProgress, alone(guessing(150)))).toMatchObject([
      { severity: 'info', facts: { classes: 10 } },
      { severity: 'warning', facts: { classes: 10 }, at: { step: 99 } },
    ])
    expect(storyOf(noProgress, alone(flat(50)))).toEqual([])
    expect(storyOf(noProgress, alone(recordsOf(noisyFall(300))))).toEqual([])
    const moving = alone(guessing(150, () => 1e-4, Math.LN2)).map((record) => ({ ...record, hasMovingTarget: true }))
    expect(storyOf(noProgress, moving)).toEqual([])
  })

  /** A loss that stays where guessing among ten classes is. */
  function guessing(count: number, lr: (index: number) => number = () => 1e-4, level = Math.LN10, share = 0.005) {
    const normal = noise(64)
    return curve(count, () => level * (1 + share * normal())).map((loss, step) =>
      seenRecord({ loss, lr: lr(step) }, { step }),
    )
  }
  const linear = (count: number) => (index: number) => 1e-4 * (1 - index / count)

  test('is noted at ln K from twenty losses on, and warned of once the log is long', () => {
    expect(findingsIn(noProgress, guessing(150))).toMatchObject([
      { severity: 'info', facts: { classes: 10 } },
      { severity: 'warning', facts: { classes: 10 }, at: { step: 99 } },
    ])
    expect(storyOf(noProgress, guessing(19))).toEqual([])
  })

  test('is warned of at ln K in a short log whose schedule is over, and noted at any other level', () => {
    const severities = (records: ReturnType<typeof guessing>) =>
      findingsIn(noProgress, records).map((found) => (found.kind === 'raise' ? found.severity : found.kind))
    expect(severities(guessing(30, linear(30)))).toEqual(['info', 'warning'])
    expect(severities(guessing(30, linear(30), 4.1))).toEqual(['info'])
    expect(severities(guessing(30, () => 1e-4, 4.1))).toEqual([])
    expect(severities(guessing(30, linear(30), Math.LN10, 0.06))).toEqual([])
  })

  test('is not noted while the learning rate rises, and no more than noted where the target moves', () => {
    expect(
      storyOf(
        noProgress,
        guessing(150, (index) => index / 1e6),
      ),
    ).toEqual([])
    const adversarial = guessing(150, () => 1e-4, Math.LN2).map((record) => ({ ...record, hasMovingTarget: true }))
    expect(findingsIn(noProgress, adversarial)).toMatchObject([{ severity: 'info' }])
  })

  test('is left to the rules that say more: of gradient norms of 0, and of a loss that is always the same', () => {
    const dead = guessing(150).map(({ at }, step) =>
      seenRecord({ loss: Number(at.value), lr: 1e-4, gradNorm: 0 }, { step }),
    )
    expect(storyOf(noProgress, dead)).toEqual([])
    expect(
      storyOf(
        noProgress,
        guessing(150, () => 1e-4, Math.LN10, 0),
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
