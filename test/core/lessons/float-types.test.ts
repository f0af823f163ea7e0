import { describe, expect, test } from 'vitest'
import { FLOAT_TYPES } from '../../../src/core/lessons/float-types.ts'
import { rounding } from '../../../src/core/measure/rounding.ts'

describe.each(FLOAT_TYPES)('in $dtype', ({ dtype, losesOneBelow, expIsZeroFrom, sigmoidIsOneFrom }) => {
  const round = rounding(dtype)
  const sigmoid = (z: number) => round(1 / round(1 + round(Math.exp(-z))))

  test('1 − ε is 1 at the stated ε and below 1 just above it', () => {
    // In float64 the sum itself is rounded, so ε needs no rounding of its own.
    expect(round(1 - losesOneBelow)).toBe(1)
    expect(round(1 - losesOneBelow * 1.01)).toBeLessThan(1)
  })

  test('e⁻ᶻ is 0 just beyond the stated z and not just before', () => {
    expect(round(Math.exp(-expIsZeroFrom - 1e-3))).toBe(0)
    expect(round(Math.exp(-expIsZeroFrom + 1e-3))).toBeGreaterThan(0)
  })

  test('the sigmoid is 1 just beyond the stated z and not just before', () => {
    expect(sigmoid(sigmoidIsOneFrom + 0.01)).toBe(1)
    expect(sigmoid(sigmoidIsOneFrom - 0.01)).toBeLessThan(1)
  })
})
