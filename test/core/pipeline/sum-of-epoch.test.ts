import { describe, expect, test } from 'vitest'
import { WatchedRun } from './watched-run.ts'

/** The mean losses of batches, which fall, with noise. */
const batchLoss = (n: number) => (1.6 * Math.exp(-n / 90) + 0.3) * (1 + 0.25 * Math.sin(n * 2.7))

/** A line for each of 300 batches, of which so many are an epoch; `sum` is that of the epoch. */
function logOf(batches: number, line: (n: number, sum: number) => string, lossAt = batchLoss): string {
  let sum = 0
  const lines = Array.from({ length: 300 }, (_, index) => {
    sum = (index % batches === 0 ? 0 : sum) + lossAt(index + 1)
    return line(index + 1, sum)
  })
  return `${lines.join('\n')}\n`
}

function seriousIn(log: string) {
  const { alerts } = new WatchedRun().read('train.log', log, true)
  return alerts.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule)
}

describe('a loss that is summed up within an epoch rises, and falls back', () => {
  for (const batches of [20, 50, 100, 300]) {
    test(`after ${batches} batches`, () => {
      expect(seriousIn(logOf(batches, (n, sum) => `step ${n} running_loss ${sum.toFixed(3)}`))).toEqual([])
      expect(
        seriousIn(
          logOf(
            batches,
            (n, sum) =>
              `Epoch ${Math.ceil(n / batches)} batch ${((n - 1) % batches) + 1}/${batches} cum_loss ${sum.toFixed(3)}`,
          ),
        ),
      ).toEqual([])
    })
  }

  test('also where its first value is that of one batch, and each later one of ten more', () => {
    const line = (n: number, sum: number) => (((n - 1) % 100) % 10 === 0 ? `step ${n} loss ${sum.toFixed(3)}` : '')
    expect(seriousIn(logOf(100, line))).toEqual([])
  })

  test('but not where its batches get worse', () => {
    const line = (n: number, sum: number) => `step ${n} running_loss ${sum.toPrecision(6)}`
    expect(seriousIn(logOf(50, line, (n) => batchLoss(n) * (n < 120 ? 1 : 1.3 ** (n - 120))))).not.toEqual([])
  })
})

test('a loss that grows from its first value on is no sum', () => {
  const grown = (lossAt: (n: number) => number) =>
    seriousIn(Array.from({ length: 40 }, (_, n) => `step ${n} loss ${lossAt(n + 1).toPrecision(6)}\n`).join(''))
  for (const ratio of [1.2, 1.3, 1.5, 2]) expect(grown((n) => 0.5 * ratio ** n)).not.toEqual([])
  expect(grown((n) => 0.5 * n ** 2)).not.toEqual([])
  expect(grown((n) => 2 + 0.5 * n)).not.toEqual([])
})
