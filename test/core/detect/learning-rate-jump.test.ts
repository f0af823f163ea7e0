import { describe, expect, test } from 'vitest'
import { learningRateJump } from '../../../src/core/detect/learning-rate-jump.ts'
import { testDetector } from './conformance.ts'
import { curve } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

const about = { role: 'learning_rate' as const, metric: 'lr' }
const COSINE = curve(200, (index) => 1e-3 * (1 + Math.cos((Math.PI * index) / 200)))

testDetector(learningRateJump, {
  healthy: lossesOf(COSINE, about),
  fault: lossesOf([0.1], about),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('learning rate jump', () => {
  test('tells from what to what, and is over when it is back', () => {
    const seen = lossesOf([...curve(20, () => 1e-3), 1e-2, 1e-2, 1e-3], about)
    expect(findingsIn(learningRateJump, seen)[0]).toMatchObject({ facts: { before: 1e-3, largest: 1e-3 } })
    expect(storyOf(learningRateJump, seen)).toEqual(['raise 20', 'clear 22'])
  })

  test('a warm-up from near zero is none, and neither is a restart of a cycle', () => {
    const warmup = curve(100, (index) => 1e-8 + index * 1e-5)
    expect(storyOf(learningRateJump, lossesOf(warmup, about))).toEqual([])
    expect(storyOf(learningRateJump, lossesOf([...COSINE, ...COSINE], about))).toEqual([])
  })
})
