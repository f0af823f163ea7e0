import { describe, expect, test } from 'vitest'
import { learningRateZero } from '../../../src/core/detect/learning-rate-zero.ts'
import { testDetector } from './conformance.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, seenRecord, storyOf } from './observations.ts'

function still(count: number, about: { share?: number; lr?: (index: number) => number; isRounded?: boolean } = {}) {
  const { share = 0.07, lr = () => 0, isRounded = false } = about
  const normal = noise(71)
  return curve(count, () => 1.5 * (1 + share * normal())).map((loss, step) =>
    seenRecord({ loss, lr: lr(step) }, { step, isRounded }),
  )
}

function falling(count: number, lr: (index: number) => number, isRounded = false) {
  return noisyFall(count, 72).map((loss, step) => seenRecord({ loss, lr: lr(step) }, { step, isRounded }))
}

testDetector(learningRateZero, {
  healthy: falling(20, (index) => index / 1e5),
  fault: still(40).map((record) => ({ ...record, at: { ...record.at, attempt: 1 } })),
  poison: [seenRecord({ loss: Number.NaN, lr: 0 }), seenRecord({ loss: Infinity, lr: 0 })],
})

describe('a learning rate of 0', () => {
  test('is warned of at the twelfth record, and stands to the end', () => {
    expect(findingsIn(learningRateZero, still(60))).toMatchObject([
      { kind: 'raise', severity: 'warning', at: { step: 11 }, facts: { rate: 'lr', zeros: 12, losses: 12 } },
    ])
    expect(storyOf(learningRateZero, still(11))).toEqual([])
  })

  test('at the beginning of a warm-up or at the end of a schedule is none', () => {
    expect(
      storyOf(
        learningRateZero,
        falling(100, (index) => index / 1e6),
      ),
    ).toEqual([])
    expect(
      storyOf(
        learningRateZero,
        falling(100, (index) => Math.max(0, 50 - index) / 1e5),
      ),
    ).toEqual([])
    expect(storyOf(learningRateZero, still(100, { lr: (index) => Math.max(0, 50 - index) / 1e5 }))).toEqual([])
  })

  test('of one group beside another that learns is none', () => {
    const records = still(60).map((record) => {
      const frozen = record.samples.find(({ role }) => role === 'learning_rate')!
      const other = { ...frozen, metric: 'lr/head', value: 0.001 as typeof frozen.value }
      return { ...record, samples: [...record.samples, other] }
    })
    expect(storyOf(learningRateZero, records)).toEqual([])
  })

  test('beside a loss that falls is none', () => {
    expect(
      storyOf(
        learningRateZero,
        falling(300, () => 0),
      ),
    ).toEqual([])
  })

  test('stands beside a loss that drifts with the order of the data, down or up', () => {
    const drifting = (drift: number) =>
      still(100, { share: 0.05 }).map((record, step) => {
        const loss = Number(record.at.value) * (1 + (drift * step) / 100)
        return seenRecord({ loss, lr: 0 }, { step })
      })
    expect(storyOf(learningRateZero, drifting(-0.1))).toEqual(['raise 11'])
    expect(storyOf(learningRateZero, drifting(0.1))).toEqual(['raise 11'])
  })

  test('beside a loss that falls little but clearly is called off', () => {
    const records = still(100, { share: 0.005 }).map((record, step) =>
      seenRecord({ loss: Number(record.at.value) * (1 - (0.08 * step) / 100), lr: 0 }, { step }),
    )
    expect(findingsIn(learningRateZero, records).at(-1)).toMatchObject({ kind: 'clear', calledOff: expect.anything() })
  })

  test('that a log of few decimals writes needs more: a loss that shows for long that it does not fall', () => {
    expect(storyOf(learningRateZero, still(59, { isRounded: true, share: 0.01 }))).toEqual([])
    expect(storyOf(learningRateZero, still(80, { isRounded: true, share: 0.01 }))).toEqual([
      expect.stringMatching(/^raise [67]\d$/),
    ])
    expect(storyOf(learningRateZero, still(80, { isRounded: true, share: 0.2 }))).toEqual([])
    expect(
      storyOf(
        learningRateZero,
        falling(300, () => 0, true),
      ),
    ).toEqual([])
  })

  test('is called off when the rate rises after a long warm-up of zeros', () => {
    const found = findingsIn(learningRateZero, still(60, { lr: (index) => (index < 30 ? 0 : 0.001) }))
    expect(found).toMatchObject([
      { kind: 'raise' },
      { kind: 'clear', calledOff: expect.stringContaining('above 0 since') },
    ])
  })

  test('and its loss may stand in records of their own', () => {
    const apart = still(30).flatMap(({ samples: [loss] }, step) => [
      seenRecord({ lr: 0 }, { step }),
      seenRecord({ loss: Number(loss!.value) }, { step }),
    ])
    expect(storyOf(learningRateZero, apart)).toEqual(['raise 11'])
  })
})
