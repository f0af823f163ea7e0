import { describe, expect, test } from 'vitest'
import { clipFitting } from '../../../src/core/detect/clip-fit.ts'
import { clippedLoss } from '../../../src/core/detect/clipped-loss.ts'
import { CLIP_CONSTANTS } from '../../../src/core/measure/clip-constants.ts'
import { testDetector } from './conformance.ts'
import { curve, noise, noisyFall } from './noise.ts'
import { lossesOf, seenSample, storyOf } from './observations.ts'

const CAFFE = 126 * Math.LN2
const COUNTS = [28, 26, 27, 27, 30, 25, 29, 29, 24, 26, 28, 31]

/** Numbers of classes of which some cost in a guess what a share of rows beyond a clip costs as well. */
const GUESSED = [
  ...[10, 100, 1e3, 1e4, 1e5, 1e6],
  ...Array.from({ length: 18 }, (_, power) => 2 ** (power + 1)),
  ...[30522, 32000, 50257, 50304, 128256, 151936],
]

/** A loss of each count of rows beyond the clip, as a log with so many decimals has it. */
function sharesOf(nats: number, rows: number, counts: readonly number[] = COUNTS, decimals = 4): number[] {
  return counts.map((count) => Number(((nats * count) / rows).toFixed(decimals)))
}

testDetector(clippedLoss, {
  healthy: lossesOf(noisyFall(100)),
  fault: lossesOf(sharesOf(CAFFE, 32)),
  poison: [seenSample(Number.NaN), seenSample(Infinity)],
})

describe('a loss that stands at a clip', () => {
  const stands: readonly (readonly [name: string, value: number, nats: number, rows: number])[] = [
    ['Caffe', 87.3365, CAFFE, 1],
    ['the ε of float64', 36.04, 52 * Math.LN2, 1],
    ['1e-15', 34.54, -Math.log(1e-15), 1],
    ['1e-12', 27.63, -Math.log(1e-12), 1],
    ['1e-10', 23.03, -Math.log(1e-10), 1],
    ['1e-8', 18.42, -Math.log(1e-8), 1],
    ['Keras', 16.118, -Math.log(1e-7), 1],
    ['nine of ten classes with Keras', 14.5063, -Math.log(1e-7), 10],
    ['half of the rows with Keras', 7.9712, 23 * Math.LN2, 2],
    ['half of the rows of a binary loss of Keras', 7.6666, -Math.log(2 ** -23 + 1e-7), 2],
    ['half of the rows at 1e-15', 17.2694, -Math.log(1e-15), 2],
  ]
  for (const [name, value, nats, rows] of stands) {
    test(`${name}: ${value}`, () => {
      const fit = clipFitting(curve(10, () => value))
      expect(fit?.nats).toBeCloseTo(nats, 10)
      expect(fit?.rows).toBe(rows)
      expect(storyOf(clippedLoss, lossesOf([2.3, 5.1, ...curve(10, () => value)]))).toEqual(['raise 11'])
    })
  }

  test('at shares of each constant that the batches change', () => {
    for (const { nats } of CLIP_CONSTANTS) {
      const values = sharesOf(nats, 32)
      expect(clipFitting(values.slice(0, 10)), String(nats)).toMatchObject({ nats, rows: 32 })
      expect(storyOf(clippedLoss, lossesOf(values))).toEqual(['raise 9'])
    }
  })

  test.each([50, 25, 12.5, 37.5, 75, 100, 45.3125, 14.0625])('at a share of 100 that it has risen to: %d', (value) => {
    const rising = [0.7134, 0.6981, 3.1175, 0.84 * value + 0.0021]
    expect(storyOf(clippedLoss, lossesOf([...rising, ...curve(10, () => value)]))).toEqual(['raise 13'])
  })

  test('at half of a constant in two decimals', () => {
    expect(clipFitting(curve(10, () => 18.02))).toMatchObject({ nats: 52 * Math.LN2, rows: 2 })
    expect(clipFitting(curve(10, () => 17.27))).toMatchObject({ rows: 2 })
  })

  const others: readonly (readonly [name: string, values: readonly number[]])[] = [
    ['nine values', curve(9, () => 87.3365)],
    ['few digits', curve(30, () => 87.3)],
    ['a regression near 87', curve(100, (at) => Number((87 + ((at * 7) % 10) / 10).toFixed(1)))],
    ['a loss that passes', curve(100, (at) => 18 - 0.06 * at)],
    ...GUESSED.flatMap((classes) => [
      [`the loss of guessing among ${classes} classes`, curve(20, () => Math.log(classes))] as const,
      ...[2, 3, 4, 5].map(
        (decimals) =>
          [
            `the same of ${classes} in ${decimals} decimals`,
            curve(20, () => Number(Math.log(classes).toFixed(decimals))),
          ] as const,
      ),
    ]),
    ['round numbers', curve(30, (at) => [50, 60, 40, 55, 45, 70, 65][at % 7]!)],
    ['a round number that it came down to', [66.6667, 58.3333, ...curve(20, () => 50)]],
    ['a round number in a log of one decimal', [0.7, 2.3, 11.8, ...curve(20, () => 12.5)]],
    ['a round number from the first value on', curve(40, () => 25)],
    ['a share of a count of rows that is no power of two', [0.7142, 7.2215, ...curve(20, () => 41.5385)]],
    ['a number that is no share of a few rows', [0.7142, 7.2215, ...curve(20, () => 41.37)]],
    ['two digits of a share', sharesOf(100, 64, COUNTS, 0)],
    ['a share that falls', sharesOf(CAFFE, 32, [31, 28, 25, 22, 19, 16, 13, 10, 7, 5, 4])],
    ['a few hard rows', sharesOf(100, 64, [2, 3, 1, 4, 2, 5, 3, 1, 2, 6, 2])],
    ['losses in bfloat16', curve(400, bfloat16Loss())],
  ]
  for (const [name, values] of others) {
    test(`not ${name}`, () => expect(storyOf(clippedLoss, lossesOf(values))).toEqual([]))
  }

  test('nor where the target moves, or an error acts as the loss', () => {
    const shares = lossesOf(sharesOf(100, 64))
    expect(storyOf(clippedLoss, shares)).toEqual(['raise 9'])
    for (const about of [{ hasMovingTarget: true }, { isPart: true }]) {
      expect(
        storyOf(
          clippedLoss,
          shares.map((seen) => ({ ...seen, ...about })),
        ),
      ).toEqual([])
    }
  })

  test('it is over after ten other losses, and one of them does not end it', () => {
    const values = [...sharesOf(CAFFE, 32), 12.3, ...sharesOf(CAFFE, 32), ...curve(10, (at) => 3 - at / 100)]
    expect(storyOf(clippedLoss, lossesOf(values))).toEqual(['raise 9', 'clear 34'])
  })
})

function bfloat16Loss() {
  const normal = noise(3)
  return () => Math.round((40 + normal()) * 4) / 4
}
