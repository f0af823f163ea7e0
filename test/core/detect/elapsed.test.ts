import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elapsedMs } from '../../../src/core/detect/elapsed.ts'

test('the time between two dates is what the calendar says', () => {
  const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2400-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(date, date, (from, to) => {
      expect(elapsedMs(from.toISOString(), to.toISOString())).toBeCloseTo(to.getTime() - from.getTime(), 3)
    }),
  )
})

test('a zone is taken off, and a time without one compares with another', () => {
  expect(elapsedMs('2026-01-01T10:00:00+02:00', '2026-01-01T08:00:01Z')).toBe(1000)
  expect(elapsedMs('2026-01-01T10:00:00-0530', '2026-01-01T15:30:00Z')).toBe(0)
  expect(elapsedMs('2026-02-28T23:59:59', '2026-03-01T00:00:00')).toBe(1000)
})

test('what is no time gives none', () => {
  expect(elapsedMs('2026-01-01', '2026-01-01T10:00:00')).toBeNull()
  expect(elapsedMs('2026-01-01T10:00:00', 'now')).toBeNull()
})
