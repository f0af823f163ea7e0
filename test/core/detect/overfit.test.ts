import { describe, expect, test } from 'vitest'
import { overfit } from '../../../src/core/detect/overfit.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

const about = { role: 'val_loss' as const, metric: 'val_loss' }
const FALL = curve(30, (index) => 2 / (1 + index / 10))

testDetector(overfit, {
  healthy: lossesOf(FALL, about),
  fault: lossesOf(
    curve(16, (index) => 0.6 + index / 10),
    about,
  ),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('overfit', () => {
  test('fires at the fifth evaluation in a row that is well above the best one', () => {
    const seen = lossesOf([2, 1.5, 1, 1.2, 1.3, 1.4, 1.5, 1.6], about)
    expect(findingsIn(overfit, seen)).toMatchObject([
      { kind: 'raise', severity: 'warning', at: { step: 7 }, facts: { best: 1, bestStep: 2, inARow: 5 } },
    ])
  })

  test('is over with a new best', () => {
    const seen = lossesOf([2, 1, 1.2, 1.3, 1.4, 1.5, 1.6, 0.9], about)
    expect(storyOf(overfit, seen)).toEqual(['raise 6', 'clear 7'])
  })

  test('evaluations that go up and down are none', () => {
    const seen = lossesOf(
      curve(100, (index) => (index % 2 === 0 ? 1 : 1.5)),
      about,
    )
    expect(storyOf(overfit, seen)).toEqual([])
  })

  test('says nothing of a loss that may be negative', () => {
    expect(storyOf(overfit, lossesOf([-1, -2, -1, -1, -1, -1, -1, -1, -1], about))).toEqual([])
  })

  test('noise around a level is none, however lucky one evaluation was', () => {
    const warned = (level: (index: number) => number) =>
      curve(100, (seed) => {
        const normal = noise(seed)
        const values = curve(300, (index) => level(index) * (1 + 0.05 * normal()))
        return Math.min(1, storyOf(overfit, lossesOf(values, about)).length)
      }).reduce((sum, one) => sum + one, 0)
    expect(warned((index) => 0.3 + 2 / (1 + index / 8))).toBe(0)
    expect(warned(() => 1)).toBeLessThan(8)
    expect(warned((index) => 0.5 + 2 / (1 + index / 3) + Math.max(0, index - 120) / 250)).toBe(100)
  })
})
