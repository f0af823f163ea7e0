import { describe, expect, test } from 'vitest'
import { learningRateZero } from '../../../src/core/detect/learning-rate-zero.ts'
import { testDetector } from './conformance.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, seenRecord, storyOf } from './observations.ts'

function still(count: number, about: { share?: number; lr?: (index: number) => number; zeroDecimals?: number } = {}) {
  const { share = 0.07, lr = () => 0, zeroDecimals } = about
  const normal = noise(71)
  return curve(count, () => 1.5 * (1 + share * normal())).map((loss, step) =>
    seenRecord({ loss, lr: lr(step) }, { step, zeroDecimals }),
  )
}

function falling(count: number, lr: (index: number) => number, zeroDecimals?: number) {
  return noisyFall(count, 72).map((loss, step) => seenRecord({ loss, lr: lr(step) }, { step, zeroDecimals }))
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

  const severitiesOf = (records: ReturnType<typeof still>) =>
    findingsIn(learningRateZero, records).map((found) => (found.kind === 'raise' ? found.severity : found.kind))

  test('that a log of few decimals writes needs more: a loss that shows for long that it does not fall', () => {
    expect(severitiesOf(still(59, { zeroDecimals: 4, share: 0.01 }))).toEqual([])
    expect(severitiesOf(still(80, { zeroDecimals: 4, share: 0.01 }))).toEqual(['info'])
    expect(severitiesOf(still(59, { zeroDecimals: 6, share: 0.01 }))).toEqual(['info'])
    expect(severitiesOf(still(80, { zeroDecimals: 6, share: 0.01 }))).toEqual(['info', 'warning'])
    expect(severitiesOf(still(20, { zeroDecimals: 8, share: 0.01 }))).toEqual(['warning'])
    expect(severitiesOf(falling(300, () => 0, 4))).toEqual([])
  })

  test('of few decimals is noted and no more, however long the log: the usual rate of a fine-tune is 0.00002', () => {
    expect(severitiesOf(still(80, { zeroDecimals: 4, share: 0.2 }))).toEqual(['info'])
    expect(severitiesOf(still(4000, { zeroDecimals: 4, share: 0.2 }))).toEqual(['info'])
    const fineTunes = Array.from({ length: 20 }, (_, seed) => {
      const normal = noise(seed + 1)
      const loss = (step: number) => 1.9 * (1 - (0.03 * step) / 200) * (1 + 0.03 * normal())
      return curve(200, (step) => step).map((step) =>
        seenRecord({ loss: loss(step), lr: 0 }, { step, zeroDecimals: 4 }),
      )
    })
    expect(fineTunes.flatMap(severitiesOf)).toContain('info')
    expect(fineTunes.flatMap(severitiesOf)).not.toContain('warning')
  })

  test('of six decimals is warned of at sixty losses, whatever their noise', () => {
    expect(severitiesOf(still(59, { zeroDecimals: 6, share: 0.2 }))).toEqual([])
    expect(severitiesOf(still(80, { zeroDecimals: 6, share: 0.2 }))).toEqual(['warning'])
    expect(severitiesOf(falling(300, () => 0, 6))).toEqual([])
  })

  test('of few decimals says nothing of a noisy loss that fell at once, or whose target moves', () => {
    const fellAtOnce = still(80, { zeroDecimals: 6, share: 0.2 }).map((record, step) =>
      step > 0 ? record : seenRecord({ loss: 9, lr: 0 }, { step, zeroDecimals: 6 }),
    )
    expect(severitiesOf(fellAtOnce)).toEqual([])
    const moving = still(80, { zeroDecimals: 6, share: 0.2 }).map((record) => ({ ...record, hasMovingTarget: true }))
    expect(severitiesOf(moving)).toEqual([])
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
