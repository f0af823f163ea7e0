import { describe, expect, test } from 'vitest'
import { responseLength } from '../../../src/core/detect/response-length.ts'
import { testDetector } from './conformance.ts'
import { curve, noise } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const about = { metric: 'completions/mean_length', role: 'response_length' } as const

function story(values: readonly number[]): readonly string[] {
  return storyOf(responseLength, lossesOf(values, about))
}

function noisy(values: readonly number[], share = 0.06): number[] {
  const normal = noise(4)
  return values.map((value) => value * Math.exp(share * normal()))
}

testDetector(responseLength, {
  healthy: lossesOf(noisy(curve(100, (at) => 400 + 2 * at)), about),
  fault: lossesOf(
    curve(60, () => 3),
    about,
  ),
  poison: [seenSample(Number.NaN, about), seenSample(Infinity, about)],
})

describe('the length of responses', () => {
  test('is told where they are nearly empty, and is over when they are not', () => {
    const values = noisy(curve(120, (at) => (at >= 60 && at < 90 ? 4 : 400)))
    expect(story(values)).toEqual(['raise 75', 'clear 103'])
  })

  test('is told where they run to many times their length', () => {
    expect(story(noisy(curve(100, (at) => (at < 60 ? 400 : 3000))))).toEqual(['raise 75'])
  })

  test('is told where they come to stand at a cap of twice their length, and not where they are only twice as long', () => {
    const free = noisy(curve(100, (at) => (at < 60 ? 400 : 800)))
    expect(story(free)).toEqual([])
    expect(story(free.map((value, at) => (at < 60 ? value : 800 - (at % 3) / 10)))).toEqual(['raise 79'])
  })

  test('is healthy where a model learns to reason, or to stop', () => {
    expect(story(noisy(curve(400, (at) => 500 * 20 ** (at / 400))))).toEqual([])
    expect(story(noisy(curve(200, (at) => (at < 60 ? 1000 : 250))))).toEqual([])
  })
})
