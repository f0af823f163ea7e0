import { expect, test } from 'vitest'
import { sweepIntervalMs } from '../../src/tail/schedule.ts'

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
