import { describe, expect, test } from 'vitest'
import { klBlowUp } from '../../../src/core/detect/kl-blow-up.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const about = { metric: 'objective/kl', role: 'kl' } as const

function story(values: readonly number[]): readonly string[] {
  return storyOf(klBlowUp, lossesOf(values, about))
}

function noisy(share: number): (value: number) => number {
  const normal = noise(2)
  return (value) => value * Math.exp(share * normal())
}

testDetector(klBlowUp, {
  healthy: lossesOf(curve(100, () => 0.02).map(noisy(0.4)), about),
  fault: lossesOf(curve(60, () => 5).map(noisy(0.4)), about),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('a KL divergence blows up', () => {
  test('where it stays far above its level, until it is back', () => {
    expect(story(curve(120, (at) => (at >= 60 && at < 90 ? 4 : 0.02)))).toEqual(['raise 75', 'clear 103'])
  })

  test('not where it is noise around 0, with estimates below it', () => {
    const normal = noise(3)
    expect(story(curve(400, () => 0.05 * normal()))).toEqual([])
  })

  test('not where it grows from 0 to its target', () => {
    expect(story(curve(300, (at) => 7 / (1 + Math.exp(-(at - 60) / 12))).map(noisy(0.2)))).toEqual([])
    expect(story(curve(300, (at) => 0.01 * at).map(noisy(0.2)))).toEqual([])
    expect(story(curve(300, (at) => 3 * Math.sqrt(at)).map(noisy(0.2)))).toEqual([])
  })

  test('not where it is large and small by turns, as an early stop leaves it', () => {
    expect(story(curve(300, (at) => (at % 7 === 0 ? 0.6 : 0.015)))).toEqual([])
  })

  test('not where it stays small', () => {
    expect(story(curve(200, (at) => (at < 100 ? 0.0001 : 0.02)))).toEqual([])
  })
})
