import { describe, expect, test } from 'vitest'
import { chancePlateau } from '../../../src/core/detect/chance-plateau.ts'
import type { SeenSample } from '../../../src/core/detect/detector.ts'
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

describe('chance plateau of epochs', () => {
  function epochsOf(values: readonly number[], about: Partial<SeenSample> = {}, stride = 1): SeenSample[] {
    return lossesOf(values).map((seen, index) => ({ ...seen, epoch: index * stride, ...about }))
  }
  const evaluationsOf = (values: readonly number[]) => lossesOf(values, { role: 'val_loss', metric: 'val_loss' })
  const stuck = (classes: number, count: number) => around(Math.log(classes), count, 0.0002)

  for (const classes of [2, 3, 7, 10, 20, 100, 1000]) {
    test(`ten epochs at ln ${classes} from the first one on are told with K`, () => {
      expect(findingsIn(chancePlateau, epochsOf(stuck(classes, 40)))).toMatchObject([
        { severity: 'warning', at: { step: 9 }, facts: { classes, samples: 10, isPerEvaluation: true } },
      ])
    })
  }

  test('the first epoch may stand above, as where the last layer began with large weights', () => {
    const values = [1.06 * Math.log(10), ...stuck(10, 9)]
    expect(findingsIn(chancePlateau, epochsOf(values))).toMatchObject([{ at: { step: 9 }, facts: { classes: 10 } }])
  })

  test('ten evaluations are told as well, alone and beside a training loss that scatters', () => {
    expect(storyOf(chancePlateau, evaluationsOf(stuck(5, 12)))).toEqual(['raise 9'])
    const besides = evaluationsOf(stuck(5, 12)).map((seen) => ({ ...seen, isBesideTraining: true }))
    expect(storyOf(chancePlateau, besides)).toEqual(['raise 9'])
  })

  test('a run that leaves ln K within ten epochs learns', () => {
    expect(storyOf(chancePlateau, epochsOf([...stuck(10, 8), 2.2, 1.9, 1.5, 1.2, 1.1, 1, 0.9, 0.9]))).toEqual([])
  })

  test('a run that leaves it later ends the alert', () => {
    expect(storyOf(chancePlateau, epochsOf([...stuck(4, 15), 1.1, 0.9]))).toEqual(['raise 9', 'clear 15'])
  })

  test('a loss that has come down to ln K has learned', () => {
    expect(storyOf(chancePlateau, epochsOf([1.6, 1.3, ...stuck(3, 30)]))).toEqual([])
  })

  test('the losses of the steps of an epoch, and of shares of one, are none of epochs', () => {
    expect(storyOf(chancePlateau, epochsOf(stuck(10, 40), { epoch: 0 }))).toEqual([])
    expect(storyOf(chancePlateau, epochsOf(stuck(10, 40), {}, 0.1))).toEqual([])
    expect(storyOf(chancePlateau, lossesOf(stuck(10, 40)))).toEqual([])
  })

  test('a discriminator that cannot tell right from wrong stands at ln 2 while all goes well', () => {
    expect(storyOf(chancePlateau, epochsOf(stuck(2, 40), { hasMovingTarget: true }))).toEqual([])
  })

  const learning: readonly (readonly [name: string, values: readonly number[]])[] = [
    ['falls a little at every epoch', curve(12, (at) => Number((2.3012 - 0.0006 * at).toFixed(4)))],
    ['falls from above ln K to below it', curve(12, (at) => Number((2.3034 - 0.0003 * at).toFixed(4)))],
    ['falls with some noise', curve(16, (at) => 2.3021 - 0.0005 * at + 0.0004 * Math.sin(2.3 * at))],
    ['stands below ln K', curve(16, (at) => 2.2968 + 0.0002 * Math.sin(1.7 * at))],
  ]
  test.each(learning)('a run learns whose loss %s', (_, values) => {
    expect(storyOf(chancePlateau, epochsOf(values))).toEqual([])
    expect(storyOf(chancePlateau, evaluationsOf(values))).toEqual([])
  })

  const stays: readonly (readonly [name: string, values: readonly number[]])[] = [
    ['comes down to ln K and stays', [2.3214, 2.3107, 2.3051, 2.3033, 2.3028, ...curve(7, () => Math.LN10)]],
    ['stands at the frequencies of the classes', curve(12, (at) => 2.3011 + 0.0001 * (at % 3))],
    ['stands a little above ln K', curve(12, (at) => 2.3041 + 0.0003 * Math.sin(1.9 * at))],
  ]
  test.each(stays)('a run learns nothing whose loss %s', (_, values) => {
    expect(storyOf(chancePlateau, epochsOf(values))).toEqual(['raise 9'])
  })

  test('a fall that ends is told once the newest values stand', () => {
    const values = [2.3039, ...curve(9, (at) => 2.3034 - 0.0002 * at), ...curve(12, (at) => 2.3021 + 0.0002 * (at % 2))]
    expect(storyOf(chancePlateau, epochsOf(values))).toHaveLength(1)
  })

  test('a level that is no ln K says nothing, nor one at which K cannot be told', () => {
    expect(storyOf(chancePlateau, epochsOf(around(1.5, 40, 0.0002)))).toEqual([])
    expect(storyOf(chancePlateau, epochsOf(stuck(57, 40)))).toEqual([])
  })
})
