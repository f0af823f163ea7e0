import { expect, test } from 'vitest'
import { printedDecimals } from '../../../src/core/measure/printed.ts'

/** Probabilities of a sure model: most are small, and none is a round number. */
const SOFTMAXES = Array.from({ length: 40 }, (_, row) => {
  const powers = [0, 1, 2, 3].map((j) => Math.exp(-((row % 7) + 1.37) * j * (1 + Math.sin(row + j) / 3)))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}).flat()

const rounded = (decimals: number) => SOFTMAXES.map((p) => Number(p.toFixed(decimals)))

test('the decimals of a log that rounds are those that most of its numbers have', () => {
  for (const decimals of [2, 3, 4, 6, 8, 10, 12]) expect(printedDecimals({ values: rounded(decimals) })).toBe(decimals)
})

test('numbers in full have none, in whatever type they are printed', () => {
  expect(printedDecimals({ values: SOFTMAXES })).toBeNull()
  expect(printedDecimals({ values: SOFTMAXES.map(Math.fround) })).toBeNull()
  const asFloat32 = SOFTMAXES.map((p) => Number(p.toPrecision(8)))
  expect(printedDecimals({ values: asFloat32 })).toBeNull()
  expect(printedDecimals({ values: SOFTMAXES.map((p) => Number(p.toExponential(4))) })).toBeNull()
})

test('a file that holds a narrow type holds it in full, and one of doubles may hold rounded ones', () => {
  expect(printedDecimals({ values: rounded(4), dtype: 'float32' })).toBeNull()
  expect(printedDecimals({ values: rounded(4), dtype: 'float64' })).toBe(4)
})

test('zeros, ones and halves do not show how they were printed: that is as before', () => {
  const values = [0, 1, 0, 0.5, 0.25]
  expect([printedDecimals({ values }), printedDecimals({ values }, 4)]).toEqual([null, 4])
  expect(printedDecimals({ values: [0.7, 0.3, 0] }, 4)).toBeNull()
})
