import { describe, expect, test } from 'vitest'
import { binaryCrossEntropyOfLogitNats, crossEntropyNats, logSumExp } from '../../../src/core/measure/cross-entropy.ts'
import { expectNear } from './near.ts'

describe('the cross-entropy of a row', () => {
  test('is the surprise of its class', () => {
    expect(crossEntropyNats('probs', [0.25, 0.75], 0)).toBe(Math.log(4))
    expect(crossEntropyNats('log_probs', [-3, -0.05], 0)).toBe(3)
    expectNear(crossEntropyNats('logits', [0, 0, 0], 2), Math.log(3), 1e-15)
  })

  test('of one value is that of a binary model', () => {
    expectNear(crossEntropyNats('probs', [0.75], 0), Math.log(4), 1e-15)
    expectNear(crossEntropyNats('probs', [0.75], [0]), Math.log(4), 1e-15)
    expect(crossEntropyNats('logits', [0.3], 1)).toBe(binaryCrossEntropyOfLogitNats(1, 0.3))
  })

  test('is 0 where 0·ln 0 would be NaN, and infinite where the truth was ruled out', () => {
    expect(crossEntropyNats('probs', [0, 1], 1)).toBe(0)
    expect(crossEntropyNats('probs', [0, 1], 0)).toBe(Infinity)
    expect(crossEntropyNats('probs', [0, 1], [0.1, 0.9])).toBe(Infinity)
  })

  test('is NaN wherever in the row a NaN stands', () => {
    expect(crossEntropyNats('probs', [0.5, NaN], 0)).toBeNaN()
    expect(crossEntropyNats('log_probs', [NaN, -1], 1)).toBeNaN()
    expect(crossEntropyNats('logits', [0, NaN], 0)).toBeNaN()
  })

  test('refuses a class that is not there', () => {
    for (const label of [-1, 2, 0.5, NaN]) {
      expect(() => crossEntropyNats('probs', [0.5, 0.5], label)).toThrow(RangeError)
    }
  })
})

test('an infinite logit costs nothing when right and infinitely much when wrong', () => {
  expect(binaryCrossEntropyOfLogitNats(1, Infinity)).toBe(0)
  expect(binaryCrossEntropyOfLogitNats(0, Infinity)).toBe(Infinity)
  expect(binaryCrossEntropyOfLogitNats(0, -Infinity)).toBe(0)
  expect(binaryCrossEntropyOfLogitNats(1, -Infinity)).toBe(Infinity)
  expect(binaryCrossEntropyOfLogitNats(1, NaN)).toBeNaN()
})

test('the sum of exponentials neither overflows nor vanishes', () => {
  expectNear(logSumExp([1000, 1000]), 1000 + Math.LN2, 1e-15)
  expectNear(logSumExp([-1000, -1000]), -1000 + Math.LN2, 1e-15)
  expect(logSumExp([])).toBe(-Infinity)
})
