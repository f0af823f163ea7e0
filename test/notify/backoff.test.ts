import { expect, test } from 'vitest'
import { backoffMs } from '../../src/notify/backoff.ts'

test('the wait before the next try doubles from one second to a quarter of an hour', () => {
  const waits = [0, 1, 2, 5, 9, 10, 11, 2000].map((attempts) => backoffMs(attempts, 1))
  expect(waits).toEqual([1000, 2000, 4000, 32_000, 512_000, 900_000, 900_000, 900_000])
})

test('chance takes up to half of it away, so that many do not come back at once', () => {
  expect(backoffMs(3, 0)).toBe(4000)
  expect(backoffMs(3, 0.5)).toBe(6000)
})
