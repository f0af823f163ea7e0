import { expect, test } from 'vitest'
import { sigmoid } from '../../../src/core/measure/logistic.ts'
import {
  binaryCrossEntropyGradient,
  squaredError,
  squaredErrorGradient,
} from '../../../src/core/measure/squared-error.ts'
import { expectNear } from './near.ts'

/** 2 p² (1 − p) at z = 20 and y = 0, from golden.json. */
const AT_TWENTY = 4.12230721938699e-9

test('the squared error runs over all classes: 0 when right, 2 when surely wrong', () => {
  expect(squaredError([0, 1, 0], [0, 1, 0])).toBe(0)
  expect(squaredError([0, 1, 0], [1, 0, 0])).toBe(2)
  expect(squaredError([0, 1], [0.5, 0.5])).toBe(0.5)
  expect(squaredError([0, 1], [NaN, 1])).toBeNaN()
})

test('σ(−z) keeps the eight digits that 1 − σ(z) loses at z = 20', () => {
  expectNear(squaredErrorGradient(0, 20), AT_TWENTY, 1e-14)
  const p = sigmoid(20)
  const naive = 2 * p * p * (1 - p)
  expect(Math.abs(naive / AT_TWENTY - 1)).toBeGreaterThan(1e-9)
})

test('a sure and wrong answer still moves cross-entropy, and no longer the squared error', () => {
  expectNear(binaryCrossEntropyGradient(0, 50), 1, 1e-15)
  expect(squaredErrorGradient(0, 50)).toBeLessThan(1e-20)
})

test('at a loss of next to nothing the gradient is small and not 0', () => {
  expectNear(binaryCrossEntropyGradient(1, 40), -Math.exp(-40), 1e-15)
})
