import { expect, test } from 'vitest'
import { clip, clipAll, clippedLog, DEFAULT_EPSILON } from '../../../src/core/measure/clip.ts'

const cases = [
  { name: 'a zero is raised to ε', p: 0, clipped: 1e-10 },
  { name: 'a one is lowered to 1 − ε', p: 1, clipped: 1 - 1e-10 },
  { name: 'a negative number is raised to ε', p: -3, clipped: 1e-10 },
  { name: 'what lies between is left alone', p: 0.3, clipped: 0.3 },
  { name: 'the bounds themselves are left alone', p: 1e-10, clipped: 1e-10 },
  { name: 'NaN stays NaN', p: NaN, clipped: NaN },
]
for (const { name, p, clipped } of cases) {
  test(name, () => expect(clip(p)).toBe(clipped))
}

test('the default ε is 1e-10', () => expect(DEFAULT_EPSILON).toBe(1e-10))

test('an ε that 1 swallows clips below only: "1. - 1e-17 == 1."', () => {
  expect(clip(1, 1e-17)).toBe(1)
  expect(clip(0, 1e-17)).toBe(1e-17)
})

test('clipping many tells how many moved, and which way', () => {
  expect(clipAll([0, -1, 0.5, 1, NaN])).toEqual({
    values: Float64Array.of(1e-10, 1e-10, 0.5, 1 - 1e-10, NaN),
    raised: 2,
    lowered: 1,
  })
})

test('a logarithm is replaced only where its probability was clipped', () => {
  expect(clippedLog(0.5, -0.7, 1e-10)).toBe(-0.7)
  expect(clippedLog(0, -2000, 1e-10)).toBe(Math.log(1e-10))
  expect(clippedLog(1, -1e-20, 1e-10)).toBe(Math.log(1 - 1e-10))
})
