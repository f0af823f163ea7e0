import { describe, expect, test } from 'vitest'
import { counted, tickText, valueText } from '../../dashboard/number-text.ts'
import { agoText, durationText } from '../../dashboard/time-text.ts'
import type { MetricValue } from '../../src/protocol/value.ts'

describe('a value', () => {
  const cases: { value: MetricValue | number; text: string }[] = [
    { value: 0, text: '0' },
    { value: 1.234567, text: '1.2346' },
    { value: 65_536, text: '65,536' },
    { value: 1e-7, text: '1e-7' },
    { value: 0.000123456, text: '1.235e-4' },
    { value: -4.5e12, text: '-4.5e12' },
    { value: 1e20, text: '1e20' },
    { value: 'NaN', text: 'NaN' },
    { value: '-Infinity', text: '-Infinity' },
    { value: Number.POSITIVE_INFINITY, text: 'Infinity' },
  ]
  for (const { value, text } of cases) test(`${value} reads ${text}`, () => expect(valueText(value)).toBe(text))
})

describe('a tick', () => {
  const cases = [
    { value: 0.5, text: '0.5' },
    { value: 60_000, text: '60,000' },
    { value: 0.0006, text: '6e-4' },
    { value: 2e9, text: '2e9' },
  ]
  for (const { value, text } of cases) test(`${value} reads ${text}`, () => expect(tickText(value)).toBe(text))
})

test('one is one, and any other number is several', () => {
  expect([counted(1, 'alert'), counted(0, 'alert'), counted(1200, 'alert')]).toEqual([
    '1 alert',
    '0 alerts',
    '1,200 alerts',
  ])
})

describe('a time', () => {
  const now = Date.parse('2026-03-01T08:00:00Z')
  const cases = [
    { name: 'of a moment ago', iso: '2026-03-01T07:59:58Z', text: 'just now' },
    { name: 'that lies in the future by a clock that is wrong', iso: '2026-03-01T08:00:30Z', text: 'just now' },
    { name: 'of this hour', iso: '2026-03-01T07:37:00Z', text: '23 min ago' },
    { name: 'of last night', iso: '2026-02-28T23:30:00Z', text: '8 h ago' },
    { name: 'of last week', iso: '2026-02-22T08:00:00Z', text: '7 d ago' },
    { name: 'that is none', iso: 'yesterday', text: 'yesterday' },
  ]
  for (const { name, iso, text } of cases) test(name, () => expect(agoText(iso, now)).toBe(text))
})

test('a length of time is never negative', () => {
  expect(durationText(-5000)).toBe('0 s')
})
