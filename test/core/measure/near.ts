import { expect } from 'vitest'

/** Expects a number within a relative (or an absolute) distance; NaN and ±∞ must be met exactly. */
export function expectNear(actual: number, expected: number, relative: number, absolute = 0): void {
  if (!Number.isFinite(expected)) {
    expect(actual).toBe(expected)
    return
  }
  const distance = Math.abs(actual - expected)
  const allowed = Math.max(relative * Math.abs(expected), absolute)
  expect(distance <= allowed, `${actual} is ${distance} away from ${expected}, allowed are ${allowed}`).toBe(true)
}
