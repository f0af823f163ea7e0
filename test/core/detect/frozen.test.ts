import { describe, expect, test } from 'vitest'
import { frozen } from '../../../src/core/detect/frozen.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noisyFall } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

testDetector(frozen, {
  healthy: lossesOf(noisyFall(200)),
  fault: lossesOf(curve(30, () => 1.25)),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

describe('frozen', () => {
  for (const { name, values } of HEALTHY_CURVES.filter(
    (one) => one.name !== 'a constant' && one.name !== 'steps down',
  )) {
    test(`does not fire on ${name}`, () => expect(storyOf(frozen, lossesOf(values))).toEqual([]))
  }

  test('fires at the tenth equal value and is over at the next other one', () => {
    const values = [...noisyFall(200), ...curve(40, () => 0.5), ...noisyFall(20)]
    expect(storyOf(frozen, lossesOf(values))).toEqual(['raise 209', 'clear 240'])
  })

  test('a log of two digits repeats itself often, and is not frozen for that', () => {
    const rounded = noisyFall(3000, 5).map((value) => Math.round(value * 100) / 100)
    expect(storyOf(frozen, lossesOf(rounded))).toEqual([])
    const story = storyOf(frozen, lossesOf([...rounded, ...curve(200, () => 0.5)]))
    expect(story).toEqual([expect.stringMatching(/^raise 30\d\d$/)])
  })

  test('a loss that has never been anything else is frozen at its fiftieth value', () => {
    expect(storyOf(frozen, lossesOf(curve(100, () => 0.412)))).toEqual(['raise 49'])
  })

  test('and at its twelfth where it has too many digits to be rounded', () => {
    expect(storyOf(frozen, lossesOf(curve(100, () => Math.LN2)))).toEqual(['raise 11'])
    expect(storyOf(frozen, lossesOf(curve(40, () => 1.234567)))).toEqual(['raise 11'])
    expect(storyOf(frozen, lossesOf(curve(11, () => 1.234567)))).toEqual([])
    expect(storyOf(frozen, lossesOf(curve(40, () => 0.4123)))).toEqual([])
  })

  test('a loss of exactly 0 is not: small losses end there', () => {
    expect(storyOf(frozen, lossesOf([...noisyFall(200), ...curve(500, () => 0)]))).toEqual([])
  })
})
