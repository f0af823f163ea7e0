import { describe, expect, test } from 'vitest'
import { entropyCollapse } from '../../../src/core/detect/entropy-collapse.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const about = { metric: 'losses/entropy', role: 'entropy' } as const
const LN_4 = Math.log(4)

function noisy(values: readonly number[], share = 0.05): number[] {
  const normal = noise(1)
  return values.map((value) => value * Math.exp(share * normal()))
}

function storyWith(values: readonly number[], metric: string = about.metric): readonly string[] {
  return storyOf(entropyCollapse, lossesOf(values, { ...about, metric }))
}

testDetector(entropyCollapse, {
  healthy: lossesOf(noisy(curve(80, (at) => LN_4 * (1 - at / 160))), about),
  fault: lossesOf(noisy(curve(60, () => 0.01)), about),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('entropy collapse', () => {
  test('is told once the policy has stood near 0 for a while, and is over when it opens again', () => {
    const values = curve(100, (at) => (at >= 30 && at < 60 ? 0.004 : LN_4))
    expect(storyWith(values)).toEqual(['raise 45', 'clear 73'])
  })

  test('of an entropy that is logged as a loss, with its sign turned, is the same', () => {
    expect(
      storyWith(
        curve(60, (at) => (at < 30 ? -LN_4 : -0.004)),
        'train/entropy_loss',
      ),
    ).toEqual(['raise 45'])
  })

  test('is none where the entropy sinks over the whole run', () => {
    expect(storyWith(noisy(curve(300, (at) => LN_4 * (1 - (0.98 * at) / 300))))).toEqual([])
    expect(storyWith(noisy(curve(300, (at) => LN_4 * Math.exp((-3.3 * at) / 300))))).toEqual([])
  })

  test('is none where the entropy of continuous actions goes through 0', () => {
    expect(storyWith(curve(300, (at) => 8.5 - 0.1 * at))).toEqual([])
    expect(
      storyWith(
        curve(300, (at) => -8.5 + 0.1 * at),
        'train/entropy_loss',
      ),
    ).toEqual([])
  })

  test('is none where the policy was nearly certain from the beginning', () => {
    expect(storyWith(curve(100, (at) => (at < 20 ? 0.008 : 0.0001)))).toEqual([])
  })

  test('is none for a few batches', () => {
    expect(storyWith(curve(100, (at) => (at >= 40 && at < 50 ? 0.001 : LN_4)))).toEqual([])
  })

  test('is seen where the first logged values fall already', () => {
    expect(storyWith(curve(60, (at) => LN_4 * Math.exp(-at / 4) + 0.004))).toHaveLength(1)
  })
})
