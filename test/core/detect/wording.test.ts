import { expect, test } from 'vitest'
import { atStep, atTimes, rowList, rowsOf, short } from '../../../src/core/detect/wording.ts'
import type { MetricValue } from '../../../src/protocol/value.ts'

const numbers: readonly (readonly [number | MetricValue, string])[] = [
  [0, '0'],
  [12, '12'],
  [2.3, '2.3'],
  [2.34567, '2.346'],
  [0.00012345, '0.0001234'],
  [1e-10, '1e-10'],
  [123456, '123456'],
  [1234567, '1235000'],
  [1.3e33, '1.3e+33'],
  [-4.56789, '-4.568'],
  ['NaN', 'NaN'],
  ['-Infinity', '-Infinity'],
]
for (const [value, text] of numbers) {
  test(`${value} is written ${text}`, () => expect(short(value)).toBe(text))
}

test('rows are counted and listed as one would say it', () => {
  expect(rowsOf({ count: 3, rows: [5, 17, 40] }, 64)).toBe('3 of 64 rows')
  expect(rowsOf({ count: 1, rows: [0] }, 1)).toBe('1 of 1 row')
  expect(rowList({ count: 3, rows: [5, 17, 40] })).toBe(' (rows 5, 17, 40)')
  expect(rowList({ count: 1, rows: [5] })).toBe(' (row 5)')
  expect(rowList({ count: 9, rows: [5, 17] })).toBe(' (rows 5, 17, …)')
  expect(rowList({ count: 0, rows: [] })).toBe('')
})

test('a step is named where there is one', () => {
  expect(atStep(812)).toBe('step 812: ')
  expect(atStep(0)).toBe('step 0: ')
  expect(atStep(null)).toBe('')
})

test('a ratio is named only where it says something', () => {
  expect(atTimes(46 as MetricValue, 2)).toBe('at 23 times that')
  expect(atTimes(46 as MetricValue, 0)).toBe('')
  expect(atTimes(46 as MetricValue, -2)).toBe('')
  expect(atTimes(1 as MetricValue, 2)).toBe('')
  expect(atTimes('NaN', 2)).toBe('')
})
