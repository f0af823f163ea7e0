import { describe, expect, test } from 'vitest'
import { fallen, fallsAfter, KEPT_FALLS, NO_FALLS } from '../../../src/core/detect/falls.ts'
import { curve, noise } from './noise.ts'

function fallenIn(positions: readonly number[]): number {
  return fallen(positions.reduce(fallsAfter, NO_FALLS))
}

describe('how far a loss falls', () => {
  test('is nothing while it rises, however far', () => {
    expect(fallenIn(curve(50, (index) => index ** 2))).toBe(0)
  })

  test('is nothing where it falls to new lows: that is learning', () => {
    expect(fallenIn([1, 1, 1, ...curve(50, (index) => -index)])).toBe(0)
    expect(fallenIn([1, 1, 1, 0, 0.5, -3])).toBeCloseTo(0.5, 10)
  })

  test('counts a new low among the first values, where nobody knows what is low', () => {
    expect(fallenIn([3, 1, 2])).toBe(2)
  })

  test('is the sum of the newest falls', () => {
    expect(fallenIn([0, 1, 0.5, 1, 0.5, 1, 0.5])).toBeCloseTo(1.5, 10)
    expect(fallenIn(curve(1000, (index) => (index % 2) * 0.1))).toBeCloseTo(0.1 * KEPT_FALLS, 5)
  })

  test('grows with the noise, and little by the way back from one spike', () => {
    const noisy = (share: number) => {
      const normal = noise(3)
      return curve(400, () => share * normal())
    }
    expect(fallenIn(noisy(0.5)) / fallenIn(noisy(0.05))).toBeCloseTo(10, 5)
    const calm = fallenIn(noisy(0.05))
    expect(fallenIn([...noisy(0.05), 10, 0])).toBeLessThan(1.2 * calm)
  })
})
