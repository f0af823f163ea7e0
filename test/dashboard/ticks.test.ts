import { describe, expect, test } from 'vitest'
import { linearTicks, logTicks, stepTickText } from '../../dashboard/ticks.ts'

describe('ticks', () => {
  const cases = [
    { name: 'are round', ticks: linearTicks(0.13, 0.97, 4), expected: [0.5] },
    {
      name: 'carry no rounding errors',
      ticks: linearTicks(0, 0.7, 7),
      expected: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
    },
    { name: 'are whole for steps', ticks: linearTicks(3, 5, 20, true), expected: [3, 4, 5] },
    { name: 'are none for an empty span', ticks: linearTicks(5, 5, 4), expected: [] },
    {
      name: 'are powers of ten on a logarithmic scale',
      ticks: logTicks(1e-4, 1e2, 6),
      expected: [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100],
    },
    { name: 'have 2 and 5 where there is room', ticks: logTicks(1, 100, 10), expected: [1, 2, 5, 10, 20, 50, 100] },
    { name: 'are plain within a decade', ticks: logTicks(2, 9, 4), expected: [2, 4, 6, 8] },
    { name: 'skip decades where there are many', ticks: logTicks(1e-12, 1, 4), expected: [1e-12, 1e-9, 1e-6, 1e-3, 1] },
  ]
  for (const { name, ticks, expected } of cases) test(name, () => expect(ticks).toEqual(expected))
})

describe('a step on an axis', () => {
  const cases = [
    { step: 800, text: '800' },
    { step: 2000, text: '2,000' },
    { step: 12_500, text: '12.5k' },
    { step: 812_340, text: '812.34k' },
    { step: 3_000_000, text: '3M' },
  ]
  for (const { step, text } of cases) test(`reads ${text}`, () => expect(stepTickText(step)).toBe(text))
})
