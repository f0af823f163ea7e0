import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviation, foldLevel, type Level, NO_LEVEL, typical } from '../../../src/core/detect/level.ts'
import { encodeJson } from '../../../src/protocol/json.ts'
import { type Finite, isFinite, metricValue } from '../../../src/protocol/value.ts'
import { curve, noise } from './noise.ts'

function finite(value: number): Finite {
  const checked = metricValue(value)
  if (!isFinite(checked)) throw new TypeError(`${value} is no finite number`)
  return checked
}

function levelOf(values: readonly number[]): Level {
  return values.reduce((level, value) => foldLevel(level, finite(value)), NO_LEVEL)
}

function levelAfter(values: readonly number[]): number {
  return typical(levelOf(values))
}

const extreme = fc.oneof(
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1e-300, 1, -1, 1e300, 1.7976931348623157e308, -1.7976931348623157e308),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

describe('the level of a loss', () => {
  test('is made of finite figures, and so is every distance from it, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.array(extreme, { maxLength: 30 }), { maxLength: 3 }), extreme, (parts, value) => {
        // Constant stretches, too: they have no spread.
        const level = levelOf(parts.flatMap((part) => [...part, ...part.slice(0, 1), ...part.slice(0, 1)]))
        expect(() => encodeJson(level)).not.toThrow()
        if (level.count > 0) expect(() => encodeJson(deviation(level, finite(value)))).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })

  test('is the value itself, of a constant', () => {
    expect(levelAfter(curve(100, () => 0.25))).toBeCloseTo(0.25, 10)
    expect(deviation(levelOf(curve(100, () => 0.25)), finite(0.25))).toMatchObject({ ratio: 1, z: 0 })
  })

  test('counts its first values in full', () => {
    // The mean of ln(L + 0.05 · 4) over both.
    expect(levelAfter([4, 1])).toBeCloseTo(Math.sqrt(4.12 * 1.12) - 0.12, 10)
    expect(levelAfter([4, 4, 1, 1])).toBeCloseTo(Math.sqrt(4.12 * 1.12) - 0.12, 10)
  })

  test('is not moved by one outlier, later', () => {
    const normal = noise(31)
    const calm = curve(200, () => 2 + 0.1 * normal())
    expect(levelAfter([...calm, 1e9])).toBeCloseTo(levelAfter(calm), 1)
  })

  test('follows a loss that stays elsewhere', () => {
    expect(levelAfter([...curve(100, () => 2), ...curve(2000, () => 3)])).toBeCloseTo(3, 1)
  })

  test('begins with the first value other than 0', () => {
    expect(levelOf([0, 0, 0, 0])).toEqual(NO_LEVEL)
    expect(levelOf([0, 0, 2, 2])).toEqual(levelOf([2, 2]))
  })

  test('is 0, and not below it, of a loss that has come down to 0', () => {
    expect(levelAfter([2, ...curve(3000, () => 0)])).toBeCloseTo(0, 6)
    expect(levelAfter([2, ...curve(3000, () => 0)])).toBeGreaterThanOrEqual(0)
  })

  test('measures ratios of a large loss and differences of one near zero', () => {
    const large = levelOf(curve(50, () => 2))
    expect(deviation(large, finite(4)).ratio).toBeCloseTo(4.06 / 2.06, 5)
    const small = levelOf([2, ...curve(2000, () => 1e-4)])
    expect(deviation(small, finite(1e-3)).ratio).toBeLessThan(1.03)
  })
})

describe('the level of a loss that goes below zero', () => {
  test('is in its own unit', () => {
    expect(levelAfter(curve(50, () => -5))).toBeCloseTo(-5, 10)
    expect(deviation(levelOf(curve(50, () => -5)), finite(0)).ratio).toBeCloseTo(2, 10)
  })

  test('stays what it is when a larger value gives the loss its scale', () => {
    // One more of four equal shares: −1 + ¼ · (−20 + 1).
    expect(levelAfter([-1, -1, -1, -20])).toBeCloseTo(-5.75, 10)
    expect(levelAfter([4, 4, 4, 4, 20])).toBeGreaterThan(levelAfter([4, 4, 4, 4]))
  })

  test('carries over the spread of the values above zero', () => {
    const normal = noise(32)
    const before = levelOf([2, ...curve(300, () => 1 + 0.1 * normal())])
    const after = foldLevel(before, finite(-0.5))
    expect(before.isSigned).toBe(false)
    expect(after.isSigned).toBe(true)
    expect(after.spread * after.reference).toBeGreaterThan(0.07)
    expect(after.spread * after.reference).toBeLessThan(0.14)
  })

  test('is not that of a loss which rounding takes below zero', () => {
    expect(levelOf([...curve(50, () => 2), -1e-9]).isSigned).toBe(false)
  })
})
