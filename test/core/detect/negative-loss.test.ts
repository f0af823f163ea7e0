import { describe, expect, test } from 'vitest'
import { negativeLoss } from '../../../src/core/detect/negative-loss.ts'
import { testDetector } from './conformance.ts'
import { curve, noisyFall } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

const about = { metric: 'train/cross_entropy' }

testDetector(negativeLoss, {
  healthy: lossesOf(noisyFall(100), about),
  fault: lossesOf([-0.03], about),
  poison: [seenSample(Number.NaN, about), seenSample(-Infinity, about)],
})

describe('negative loss', () => {
  test('watches what its name says can never be negative, and training losses', () => {
    for (const metric of ['cross_entropy', 'nll_loss', 'val_crossentropy', 'bce', 'ppl', 'log-loss']) {
      expect(negativeLoss.watches('sample', metric, 'train_loss')).toBe(true)
    }
    for (const metric of ['elbo', 'actor_loss', 'force', 'balance']) {
      expect(negativeLoss.watches('sample', metric, 'other')).toBe(false)
    }
  })

  test('notes a loss of any name that falls far below zero, unless it began there or its target moves', () => {
    const falling = (first: number) => lossesOf(curve(40, (index) => first - 3 * index))
    expect(findingsIn(negativeLoss, falling(0.7))).toMatchObject([
      { severity: 'info', at: { step: 5 }, facts: { began: 0.7 } },
    ])
    expect(storyOf(negativeLoss, falling(-0.7))).toEqual([])
    expect(storyOf(negativeLoss, lossesOf(curve(200, (index) => 50 * Math.sin(1 + index))))).toEqual([])
    expect(storyOf(negativeLoss, falling(0.7).slice(0, 5))).toEqual([])
    expect(
      storyOf(
        negativeLoss,
        falling(0.7).map((seen) => ({ ...seen, hasMovingTarget: true })),
      ),
    ).toEqual([])
  })

  test('is one incident from the first value below zero until twenty above', () => {
    const values = [1, -1, 0.5, -2, ...curve(30, () => 1)]
    expect(storyOf(negativeLoss, lossesOf(values, about))).toEqual(['raise 1', 'clear 23'])
  })

  test('what rounding takes below zero is no error', () => {
    expect(storyOf(negativeLoss, lossesOf([0, -1e-7, -0], about))).toEqual([])
  })

  test('the NLL of a density falls through zero', () => {
    const falling = curve(60, (index) => 3 - index / 10)
    expect(storyOf(negativeLoss, lossesOf(falling, { metric: 'val_nll' }))).toEqual([])
    expect(storyOf(negativeLoss, lossesOf(falling, about))).toEqual(['raise 31'])
  })

  test('an NLL of scores begins near zero, and one of probabilities below it', () => {
    for (const first of [0.02, -0.1]) {
      const values = curve(60, (index) => first - index / 10)
      expect(storyOf(negativeLoss, lossesOf(values, { metric: 'nll' }))).toHaveLength(1)
    }
  })
})
