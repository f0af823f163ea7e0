import { expect, test } from 'vitest'
import { atStep, atTimes } from '../../../src/core/detect/wording.ts'
import type { MetricValue } from '../../../src/protocol/value.ts'

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
