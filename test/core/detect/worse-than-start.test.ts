import { describe, expect, test } from 'vitest'
import { worseThanStart } from '../../../src/core/detect/worse-than-start.ts'
import { testDetector } from './conformance.ts'
import { HEALTHY_CURVES } from './healthy-curves.ts'
import { curve, noise, noisyFall, smoothed } from './noise.ts'
import { findingsIn, lossesOf, seenSample, storyOf } from './observations.ts'

testDetector(worseThanStart, {
  healthy: lossesOf(noisyFall(60)),
  fault: lossesOf(curve(60, () => 9)),
  poison: [seenSample(Number.NaN), seenSample(Infinity), seenSample(-Infinity)],
})

/** A level by the index, with noise of this share. */
function noisy(count: number, level: (index: number) => number, share = 0.05, seed = 51): number[] {
  const normal = noise(seed)
  return curve(count, (index) => level(index) * (1 + share * normal()))
}

describe('worse than the start', () => {
  for (const { name, values } of HEALTHY_CURVES) {
    test(`does not fire on ${name}`, () => expect(storyOf(worseThanStart, lossesOf(values))).toEqual([]))
  }

  test('a fine-tune of sixty points that goes from 1.4 to 8 and stays there is warned of once', () => {
    const [found, ...others] = findingsIn(worseThanStart, lossesOf(noisy(60, (index) => (index < 5 ? 1.4 : 8))))
    expect(found).toMatchObject({ kind: 'raise', severity: 'warning', at: { step: 11 } })
    expect(found).toMatchObject({ facts: { best: expect.closeTo(1.4, 0), level: expect.closeTo(8, 0) } })
    expect(others).toEqual([])
  })

  test('a net that learned and then guesses again is warned of, and is well once it learns again', () => {
    for (const count of [20, 30, 60, 90])
      for (const low of [0.3, 0.5, 0.65, 0.68]) {
        const died = (index: number) =>
          Math.LN10 * (index < count / 2 ? low + (1 - low) * Math.exp((-8 * index) / count) : 1)
        const values = noisy(count, died, 0.03)
        expect(storyOf(worseThanStart, lossesOf(values)), `${count}, ${low}`).toEqual([expect.stringMatching('raise')])
        const again = [...values, ...Array.from({ length: 20 }, () => Math.LN10 * low)]
        expect(storyOf(worseThanStart, lossesOf(again)), `${count}, ${low}`).toEqual([
          expect.stringMatching('raise'),
          expect.stringMatching('clear'),
        ])
      }
  })

  test('a loss that rises to less than its start, or is as high within its noise, is not said to be back', () => {
    const partly = noisy(60, (index) => (index < 30 ? 1 + Math.exp(-index / 5) : 1.5), 0.03)
    expect(storyOf(worseThanStart, lossesOf(partly))).toEqual([])
    for (const share of [0.05, 0.2, 0.4])
      expect(storyOf(worseThanStart, lossesOf(noisy(90, () => 2.3, share, 7)))).toEqual([])
  })

  test('nothing is said before the twelfth value, however bad it looks, and from then on what its spreads show', () => {
    const lost = (count: number, level: number, share = 0.05) =>
      storyOf(worseThanStart, lossesOf(noisy(count, (index) => (index < 3 ? 1 : level), share)))
    expect(lost(11, 50)).toEqual([])
    expect(lost(12, 50)).toEqual(['raise 11'])
    expect(lost(12, 2.5)).toEqual(['raise 11'])
    // 16/12 times as many spreads are asked of twelve as of sixteen.
    expect(lost(12, 3.2, 0.18)).toEqual([])
    expect(lost(16, 3.2, 0.18)).toEqual([expect.stringMatching(/^raise 1[345]$/)])
  })

  test.each([
    {
      what: 'up by 100, in the noise of a loss so large',
      values: [2.47, 2.332, 2.329, 2.256, 211, 294, 60, 321, 110, 201, 117, 240],
    },
    {
      what: 'down by four and back at its start',
      values: [2.283, 1.822, 1.29, 0.876, 0.68, 0.562, 2.31, 2.34, 2.3, 2.33, 2.35, 2.32],
    },
    { what: 'up by three', values: [1.38, 1.43, 1.4, 1.36, 4.05, 4.4, 4.2, 4.31, 4.12, 4.36, 4.09, 4.25] },
    {
      what: 'up by six, in much noise',
      values: [2.3, 2.28, 2.31, 2.25, 14.1, 11.2, 16.9, 12.8, 15.5, 13.3, 18.2, 12.1],
    },
  ])('twelve values suffice: $what', ({ values }) => {
    expect(storyOf(worseThanStart, lossesOf(values))).toEqual(['raise 11'])
  })

  test('a first value alone is a level where all others stand 20 of their spreads above it', () => {
    const alone = (share: number) => lossesOf(noisy(60, (index) => (index === 0 ? 1.4 : 8), share))
    const [found, ...others] = findingsIn(worseThanStart, alone(0.0125))
    expect(found).toMatchObject({ kind: 'raise', at: { step: 11 }, facts: { best: expect.closeTo(1.4, 0) } })
    expect(others).toEqual([])
    expect(storyOf(worseThanStart, alone(0.3))).toEqual([])
  })

  test('however far up it stepped, once: that is no mean which begins at 0', () => {
    for (const times of [2.5, 3, 3.3, 3.7, 4, 4.4, 4.8, 7]) {
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const values = noisy(17, (index) => (index === 0 ? 1.48 : 1.48 * times), 0.01, seed)
        expect(storyOf(worseThanStart, lossesOf(values)), `${times} times, ${seed}`).toEqual(['raise 11'])
      }
    }
  })

  test('and is none where single batches differ so much that it may be an easy one', () => {
    const runs = Array.from({ length: 40 }, (_, seed) => noisy(60, (index) => (index === 0 ? 0.05 : 2), 0.08, seed + 1))
    expect(runs.filter((values) => storyOf(worseThanStart, lossesOf(values)).length > 0).length).toBeLessThanOrEqual(5)
  })

  test('values that each stand far above all before them need not be close to each other', () => {
    const before = [2.47, 2.332, 2.329, 2.256, 2.315, 2.29, 2.208, 2.119]
    const apart = [211, 294, 60, 321, 110]
    expect(storyOf(worseThanStart, lossesOf([...before, ...apart, 201, 117]))).toEqual(['raise 12'])
    expect(storyOf(worseThanStart, lossesOf([...before.with(2, 30), ...apart]))).toEqual([])
    // A loss of reinforcement learning that swings over three orders of magnitude.
    const swings = [0.049, 0.01, 0.003, 0.005, 0.015, 2.7, 0.012, 0.012, 4.9, 2.3, 2.1, 3.7, 0.03, 0.02, 0.009]
    expect(storyOf(worseThanStart, lossesOf([...swings, 1.8, 0.8, 1.2, 0.25, 0.26]))).toEqual([])
  })

  test('that all others may hardly fall from, so far as they stand above it', () => {
    const falling = (fall: number, share: number, first: number) =>
      lossesOf(noisy(60, (index) => (index === 0 ? first : 8.2 * (1 - (fall * index) / 60)), share))
    expect(storyOf(worseThanStart, falling(0.04, 0.0005, 1.4))).toEqual(['raise 11'])
    expect(storyOf(worseThanStart, falling(0.3, 0.01, 1.4))).toEqual(['raise 11'])
    expect(storyOf(worseThanStart, falling(0.9, 0.01, 3))).toEqual([])
    expect(storyOf(worseThanStart, falling(0.3, 0.3, 1.4))).toEqual([])
  })

  test('a first value is none where it is the sum of one batch as a mean of many, or the others fall', () => {
    expect(storyOf(worseThanStart, lossesOf(noisy(60, (index) => (index === 0 ? 0.0231 : 2.3), 0.005)))).toEqual([])
    expect(
      storyOf(worseThanStart, lossesOf(noisy(60, (index) => (index === 0 ? 0.07 : 3 / (1 + index / 9)), 0.005))),
    ).toEqual([])
  })

  test('a loss that rises at the end of a log stands above all before it', () => {
    const start = noisy(16, () => 1.4)
    expect(storyOf(worseThanStart, lossesOf([...start, 2, 4, 6, 8]))).toEqual(['raise 19'])
    expect(storyOf(worseThanStart, lossesOf([...start, 2, 4, 3, 8]))).toEqual([])
  })

  test('heavy tails rarely rise like that', () => {
    const runs = Array.from({ length: 300 }, (_, seed) => {
      const normal = noise(seed + 1)
      return curve(60, () => Math.exp(0.8 * normal()))
    })
    expect(runs.filter((values) => storyOf(worseThanStart, lossesOf(values)).length > 0).length).toBeLessThanOrEqual(6)
  })

  test('a log of twenty points is judged by its last five', () => {
    expect(storyOf(worseThanStart, lossesOf(noisy(20, (index) => (index < 15 ? 1 : 2.2))))).toEqual(['raise 19'])
  })

  test('a loss that had fallen is compared with its best and not with its first value', () => {
    const values = noisy(80, (index) => (index < 30 ? 10 / (1 + index / 3) : 4))
    expect(storyOf(worseThanStart, lossesOf(values))).toEqual([expect.stringMatching(/^raise [34]\d$/)])
  })

  test('one lucky batch is no level', () => {
    expect(storyOf(worseThanStart, lossesOf(noisy(60, (index) => (index === 4 ? 0.2 : 2))))).toEqual([])
  })

  describe('easy batches among others', () => {
    test('are no level, though two of them come one after the other', () => {
      const dip = [3, 2.9, 3.1, 0.31, 0.28, 2.9, 2.8, 3, 2.7, 2.9, 2.8, 2.7, 2.8, 2.6, 2.7, 2.8]
      expect(storyOf(worseThanStart, lossesOf([...dip, ...noisy(200, () => 2.8)]))).toEqual([])
    })

    test('are none whatever their share and their loss', () => {
      // Below these a normal value is in 3, 6, 10, 15, 20 and 30 of 100.
      const runs = [-1.881, -1.555, -1.282, -1.036, -0.842, -0.524].flatMap((easy, kind) =>
        [0.1, 0.3, 0.6].flatMap((times, ease) =>
          Array.from({ length: 10 }, (_, seed) => {
            const kinds = noise(1 + seed + 100 * kind + 1000 * ease)
            return noisy(300, (index) => (2 + Math.exp(-index / 60)) * (kinds() < easy ? times : 1), 0.08, seed + 1)
          }),
        ),
      )
      const warned = runs.filter((values) => storyOf(worseThanStart, lossesOf(values)).length > 0)
      expect(warned.length).toBeLessThanOrEqual(4)
    })

    test('are one where they came first, or stood together, and come no more', () => {
      const from = (first: number, count: number) => (index: number) =>
        index >= first && index < first + count ? 0.7 : 2.8
      expect(storyOf(worseThanStart, lossesOf(noisy(40, from(0, 2))))).toEqual(['raise 11'])
      expect(storyOf(worseThanStart, lossesOf(noisy(40, from(3, 6))))).toEqual([
        expect.stringMatching(/^raise 1[2345]$/),
      ])
      expect(storyOf(worseThanStart, lossesOf(noisy(60, from(20, 12))))).toEqual([expect.stringMatching(/^raise 4\d$/)])
    })
  })

  describe('a mean that begins at 0', () => {
    const story = (share: number, level: (index: number) => number, every = 1) =>
      storyOf(
        worseThanStart,
        lossesOf(smoothed(noisy(600, level, 0.1), share).filter((_, index) => index % every === every - 1)),
      )

    test('is no loss that rises: it is compared with from where it has come to rest', () => {
      for (const share of [0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]) {
        expect(story(share, () => 2.3)).toEqual([])
        expect(story(share, (index) => 2 / (1 + index / 30) + 0.3)).toEqual([])
      }
      expect(story(0.98, () => 2.3, 10)).toEqual([])
      expect(
        storyOf(
          worseThanStart,
          lossesOf([
            0,
            ...smoothed(
              curve(60, () => 2.3),
              0.9,
            ),
          ]),
        ),
      ).toEqual([])
    })

    test('and then rises like any other', () => {
      expect(story(0.9, (index) => (index < 50 ? 2.3 : 9))).toEqual([expect.stringMatching(/^raise /)])
    })

    test('is not what a loss looks like that rises from its second value on, to wherever it goes', () => {
      for (const to of [3, 4, 8]) {
        for (const pace of [1, 2, 3, 5]) {
          const rise = (index: number) => 2.3 * (1 + (to - 1) * (1 - Math.exp(-Math.max(0, index - 1) / pace)))
          expect(storyOf(worseThanStart, lossesOf(noisy(40, rise))), `${to} at ${pace}`).toEqual(['raise 11'])
        }
      }
    })
  })

  test('a loss that was as high before and came back may be one of two kinds of batches', () => {
    const kinds = [0.67, 2.11, 0.66, 0.62, 0.58, 0.54, 1.97, 1.76, 1.66, 1.38, 2.01, 1.71, 1.55, 1.78]
    expect(storyOf(worseThanStart, lossesOf(kinds))).toEqual([])
    expect(storyOf(worseThanStart, lossesOf(kinds.with(1, 0.7)))).toEqual([expect.stringMatching(/^raise /)])
    expect(storyOf(worseThanStart, lossesOf([...kinds, ...curve(16, () => 1.7)]))).toEqual([
      expect.stringMatching(/^raise /),
    ])
  })

  test('a rise within the noise of the loss is none', () => {
    const runs = Array.from({ length: 50 }, (_, seed) => noisy(60, (index) => (index < 20 ? 1 : 1.15), 0.15, seed + 1))
    const warned = runs.filter((values) => storyOf(worseThanStart, lossesOf(values)).length > 0)
    expect(warned.length).toBeLessThanOrEqual(1)
  })

  test('is over ten values after the loss came back, and a spike of four values is none', () => {
    const values = noisy(100, (index) => (index >= 30 && index < 60 ? 5 : 1))
    expect(storyOf(worseThanStart, lossesOf(values))).toEqual([
      expect.stringMatching(/^raise [34]\d$/),
      expect.stringMatching(/^clear 7\d$/),
    ])
    expect(storyOf(worseThanStart, lossesOf(noisy(100, (index) => (index >= 30 && index < 34 ? 5 : 1))))).toEqual([])
  })

  test('in a long log it knows the first hundred values, and what comes later is left to sustained-rise', () => {
    const early = noisy(2000, (index) => (index < 20 ? 1 : 3))
    expect(storyOf(worseThanStart, lossesOf(early))).toEqual([expect.stringMatching(/^raise 2\d$/)])
    const late = noisy(2000, (index) => (index < 1000 ? 5 - index / 250 : 4))
    expect(storyOf(worseThanStart, lossesOf(late))).toEqual([])
  })

  test('says nothing of a loss below zero', () => {
    expect(storyOf(worseThanStart, lossesOf(noisy(100, (index) => (index < 50 ? -1 : 5))))).toEqual([])
  })

  test('a job that begins again from nothing is compared with its new beginning', () => {
    const again = noisyFall(60).map((value, step) => seenSample(value, { step, attempt: 1 }))
    const fallen = lossesOf(noisy(60, () => 0.1))
    expect(storyOf(worseThanStart, [...fallen, ...again])).toEqual([])
  })
})
