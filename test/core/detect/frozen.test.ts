import { describe, expect, test } from 'vitest'
import { frozen } from '../../../src/core/detect/frozen.ts'
import type { Finite } from '../../../src/protocol/value.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noisyFall } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

testDetector(frozen, {
  healthy: lossesOf(noisyFall(200)),
  fault: lossesOf(curve(30, () => 1.25)),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

/** What is found, with its severity: "info 11". */
function gravityOf(values: readonly number[]): string[] {
  return findingsIn(frozen, lossesOf(values)).map((found) =>
    found.kind === 'raise' ? `${found.severity} ${found.at.step}` : found.kind,
  )
}

describe('frozen', () => {
  const standing = ['a constant', 'steps down', 'a constant of 0', 'zeros before the first value']
  for (const { name, values } of HEALTHY_CURVES.filter((one) => !standing.includes(one.name))) {
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

  test('a loss that has never been anything else is noted at its twelfth value and warned of at its fiftieth', () => {
    expect(gravityOf(curve(100, () => 0.412))).toEqual(['info 11', 'warning 49'])
    expect(gravityOf(curve(11, () => 0.412))).toEqual([])
  })

  test('zeros that were never anything else are warned of at the fiftieth, and not beside what says why', () => {
    expect(gravityOf(curve(100, () => 0))).toEqual(['warning 49'])
    expect(gravityOf([...curve(60, () => 0), 0.3])).toEqual(['warning 49', 'clear'])
    expect(gravityOf([0.3, ...curve(100, () => 0)])).toEqual([])
    for (const reason of [{ hasMovingTarget: true }, { gradientNorm: 0.1 as Finite }, { otherLosses: [0.2 as Finite] }])
      expect(
        storyOf(
          frozen,
          lossesOf(curve(100, () => 0)).map((sample) => ({ ...sample, ...reason })),
        ),
      ).toEqual([])
  })

  test('where its target moves it is not noted before', () => {
    const moving = lossesOf(curve(60, () => 0.412)).map((sample) => ({ ...sample, hasMovingTarget: true }))
    expect(storyOf(frozen, moving)).toEqual(['raise 49'])
  })

  test('and warned of at its twelfth where it has too many digits to be rounded', () => {
    expect(gravityOf(curve(100, () => Math.LN2))).toEqual(['warning 11'])
    expect(gravityOf(curve(40, () => 1.234567))).toEqual(['warning 11'])
    expect(gravityOf(curve(11, () => 1.234567))).toEqual([])
  })

  test('and at its thirtieth with five digits, or at ln K with three', () => {
    const atChance = [2, 10, 1000].map((classes) => Number(Math.log(classes).toFixed(4)))
    for (const value of [2.3402, Number(Math.LN2.toFixed(3)), ...atChance])
      expect(gravityOf(curve(40, () => value))).toEqual(['info 11', 'warning 29'])
    for (const value of [0.4123, 0.69]) expect(gravityOf(curve(40, () => value))).toEqual(['info 11'])
  })

  test('what rounding leaves of a small loss is noted and no more', () => {
    const rounded = (level: (index: number) => number) => curve(300, (index) => Math.round(1e4 * level(index)) / 1e4)
    expect(gravityOf(rounded(() => 0.0001))).toEqual(['info 11'])
    expect(gravityOf(rounded((index) => 2.3 * Math.exp(-index / 5) + 0.0001))).toEqual([expect.stringMatching(/^info/)])
  })

  test('so is a loss that has come to rest in the last digit, and one that stopped in its noise is warned of', () => {
    const rest = (index: number) => 0.3412 + 2 * Math.exp(-index / 5)
    expect(gravityOf(curve(200, (index) => Math.round(1e4 * rest(index)) / 1e4))).toEqual([
      expect.stringMatching(/^info/),
    ])
    expect(gravityOf(curve(200, (index) => Math.fround(rest(index))))).toEqual([expect.stringMatching(/^info/)])
    const stopped = noisyFall(100).map((value) => Math.round(1e4 * value) / 1e4)
    expect(gravityOf([...stopped, ...curve(60, () => 0.3412)])).toEqual(['warning 109'])
    expect(gravityOf([0.6932, ...curve(60, () => Number(Math.LN2.toFixed(4)))])).toEqual([
      expect.stringMatching(/^warning/),
    ])
  })

  test('a loss that has come down to a few steps of a float32 is noted and no more', () => {
    const rest = [0.9, 0.31, 0.02, 3.1e-5, 2.4e-7, ...curve(60, () => 2 ** -24 * (3 / 64))]
    expect(gravityOf(rest)).toEqual([expect.stringMatching(/^info/)])
  })

  test('a headline says of a note that the log may round', () => {
    const [noted, warned] = findingsIn(frozen, lossesOf(curve(100, () => 0.412)))
    expect(noted).toMatchObject({ facts: { mayBeRounding: true } })
    expect(warned).toMatchObject({ facts: { mayBeRounding: false } })
  })

  test('a loss of exactly 0 is not: small losses end there', () => {
    expect(storyOf(frozen, lossesOf([...noisyFall(200), ...curve(500, () => 0)]))).toEqual([])
  })

  describe('beside another loss', () => {
    const beside = (values: readonly number[], others: readonly number[]) =>
      values.map((value, step) => ({ ...seenSample(value, { step }), otherLosses: [others[step]!] as Finite[] }))
    const steps = noisyFall(200)
    const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
    const carried = steps.map((_, step) => meanOf(steps.slice(0, 1 + step - (step % 40))))

    test('that moves away from it, it is the mean of the last epoch, carried forward', () => {
      expect(storyOf(frozen, lossesOf(carried))).not.toEqual([])
      expect(storyOf(frozen, beside(carried, steps))).toEqual([])
      const slow = curve(200, (index) => 0.5 - 5e-5 * index)
      expect(storyOf(frozen, beside(carried, slow))).toEqual([])
    })

    test('that stands still as well, it is told at the same value', () => {
      const stopped = [...steps, ...curve(40, () => 0.5)]
      const half = stopped.map((value) => value / 2)
      expect(storyOf(frozen, beside(stopped, half))).toEqual(['raise 209'])
      expect(storyOf(frozen, beside(stopped, carried.concat(curve(40, () => carried.at(-1)!))))).toEqual(['raise 209'])
    })

    test('that is a mean of it and comes nearer, it is told at the same value', () => {
      const stopped = [...steps, ...curve(40, () => 0.5)]
      const means = stopped.map((_, step) => meanOf(stopped.slice(0, step + 1)))
      expect(storyOf(frozen, beside(stopped, means))).toEqual(['raise 209'])
    })

    test('a value that the log rounds is the same often, however its mean moves', () => {
      const values = noisyFall(3000, 5)
      const means = values.map((_, step) => meanOf(values.slice(Math.max(0, step - 40), step + 1)))
      const rounded = values.map((value) => Math.round(value * 10) / 10)
      expect(storyOf(frozen, beside(rounded, means))).toEqual([])
    })

    test('what was told is over as soon as the other one moves away', () => {
      const told = curve(20, () => Math.LN2)
      expect(storyOf(frozen, beside(told, [...curve(15, () => 1), 1.2, ...curve(4, () => 1)]))).toEqual([
        'raise 11',
        'clear 15',
      ])
    })
  })
})
