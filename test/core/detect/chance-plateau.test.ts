import { describe, expect, test } from 'vitest'
import { chancePlateau } from '../../../src/core/detect/chance-plateau.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

function around(level: number, count: number, share = 0.01): number[] {
  const normal = noise(51)
  return curve(count, () => level * (1 + share * normal()))
}

testDetector(chancePlateau, {
  healthy: lossesOf(noisyFall(1000)),
  fault: lossesOf(around(Math.log(10), 2000)),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

describe('chance plateau', () => {
  const always = ['a constant', 'noise around a plateau']
  for (const { name, values } of HEALTHY_CURVES.filter((one) => !always.includes(one.name))) {
    test(`does not fire on ${name}`, () => expect(storyOf(chancePlateau, lossesOf(values))).toEqual([]))
  }

  test('names the number of classes of a loss that stays at its logarithm', () => {
    for (const classes of [2, 10, 100, 1000]) {
      const seen = lossesOf([1.3 * Math.log(classes), ...around(Math.log(classes), 1200)])
      expect(findingsIn(chancePlateau, seen)).toMatchObject([
        { severity: 'warning', at: { step: 999 }, facts: { classes } },
      ])
    }
  })

  test('a loss that stays where it began has learned nothing, whatever it means', () => {
    const seen = lossesOf(around(7.3, 1200, 0.001))
    expect(findingsIn(chancePlateau, seen)).toMatchObject([{ at: { step: 999 }, facts: { classes: null } }])
  })

  test('a run that forgets all it knew is named too', () => {
    const seen = lossesOf([...noisyFall(500), ...around(Math.log(10), 1500)])
    expect(storyOf(chancePlateau, seen)).toHaveLength(1)
  })

  test('a loss that passes through on its way down does not stay there', () => {
    const falling = curve(3000, (index) => 2.4 - index / 10_000)
    expect(storyOf(chancePlateau, lossesOf(falling))).toEqual([])
  })

  test('a loss that varies with each batch does not come from guessing', () => {
    const seen = lossesOf([2.5, ...around(Math.log(10), 3000, 0.1)])
    expect(storyOf(chancePlateau, seen)).toEqual([])
  })

  test('is over when the loss has left for good', () => {
    const seen = lossesOf([...around(Math.log(10), 1250), ...around(1, 1500)])
    expect(storyOf(chancePlateau, seen)).toEqual(['raise 999', 'clear 2249'])
  })
})
