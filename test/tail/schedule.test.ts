import { expect, test } from 'vitest'
import { hotSweepMs, leastSweepMs, retryMs, sweepIntervalMs } from '../../src/tail/schedule.ts'

const cases = [
  { quietMs: 0, intervalMs: 1000 },
  { quietMs: 59_999, intervalMs: 1000 },
  { quietMs: 60_000, intervalMs: 5000 },
  { quietMs: 599_999, intervalMs: 5000 },
  { quietMs: 600_000, intervalMs: 30_000 },
]
for (const { quietMs, intervalMs } of cases) {
  test(`a file that has been quiet for ${quietMs} ms is looked at every ${intervalMs} ms`, () => {
    expect(sweepIntervalMs(quietMs, 1000)).toBe(intervalMs)
  })
}

const haste = [
  { name: 'with events', sweepMs: 1000, isPolled: false, everyMs: 1000 },
  { name: 'without events', sweepMs: 1000, isPolled: true, everyMs: 250 },
  { name: 'without events', sweepMs: 100, isPolled: true, everyMs: 50 },
]
for (const { name, sweepMs, isPolled, everyMs } of haste) {
  test(`a growing file ${name} is looked at every ${everyMs} ms where the sweep is ${sweepMs} ms`, () => {
    expect(hotSweepMs(sweepMs, isPolled)).toBe(everyMs)
  })
}

test('of ten thousand files none is looked at more often than every ten seconds, unless an event names it', () => {
  expect([100, 10_000].map(leastSweepMs)).toEqual([100, 10_000])
})

test('a file that cannot be read is left alone for longer each time, up to a minute', () => {
  expect([1, 2, 3, 6, 7, 1000].map(retryMs)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000])
})
