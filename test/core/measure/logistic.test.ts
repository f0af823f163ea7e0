import { expect, test } from 'vitest'
import { logOneMinusExp, sigmoid, softplus } from '../../../src/core/measure/logistic.ts'
import { expectNear } from './near.ts'

test('the sigmoid stays above 0 for as long as float64 can say so', () => {
  expect(sigmoid(-744)).toBeGreaterThan(0)
  expect(sigmoid(-746)).toBe(0)
  expect(sigmoid(37)).toBe(1)
})

test('softplus is the surprise of the other class', () => {
  for (const z of [-3, -1, 0, 1, 30]) expectNear(softplus(z), -Math.log(sigmoid(-z)), 1e-14)
})

test('of a class that is certain, or as good as certain, the other class keeps its logarithm', () => {
  expect(logOneMinusExp(0)).toBe(-Infinity)
  expect(logOneMinusExp(-1e-300)).toBe(Math.log(1e-300))
})
