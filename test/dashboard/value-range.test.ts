import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_RANGE, valueRange } from '../../dashboard/value-range.ts'

const VIEW = { widthPx: 100 }
const stroke = (x: number, min: number, max = min) => ({ x, min, max })

test('every value in view is within the range, and the range is finite and not empty', () => {
  const anyStroke = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  fc.assert(
    fc.property(fc.array(anyStroke, { minLength: 1 }), fc.boolean(), (list, isLog) => {
      const strokes = list.map(([x, value]) => stroke(x, value))
      const range = valueRange(strokes, VIEW, isLog)
      const shown = strokes.filter(({ min }) => !range.isLog || min > 0)
      expect(range.min).toBeLessThan(range.max)
      expect(Number.isFinite(range.max - range.min)).toBe(true)
      for (const { min } of shown.filter((one) => Math.abs(one.min) < 1e300)) {
        expect(min).toBeGreaterThanOrEqual(range.min)
        expect(min).toBeLessThanOrEqual(range.max)
      }
    }),
  )
})

describe('the range', () => {
  test('is that of the neighbours when a zoom falls between two samples', () => {
    const { min, max } = valueRange([stroke(-50, 2), stroke(150, 4)], VIEW, false)
    expect(min).toBeLessThan(2)
    expect(max).toBeGreaterThan(4)
  })

  test('does not count what lies outside of the view while something is inside', () => {
    expect(valueRange([stroke(-50, 900), stroke(50, 1, 2)], VIEW, false).max).toBeLessThan(3)
  })

  test('of values at or above 0 does not begin below 0', () => {
    expect(valueRange([stroke(1, 0, 10)], VIEW, false).min).toBe(0)
  })

  test('of nothing says that it is empty', () => {
    expect(valueRange([], VIEW, false)).toBe(EMPTY_RANGE)
  })

  test('of one value has that value inside', () => {
    expect(valueRange([stroke(1, 3)], VIEW, false)).toMatchObject({ min: 2.7, max: 3.3 })
  })
})

describe('a logarithmic range', () => {
  test('counts the strokes that reach to 0 or below instead of hiding them', () => {
    expect(valueRange([stroke(1, 0), stroke(2, -1, 5), stroke(3, 10)], VIEW, true)).toMatchObject({
      isLog: true,
      clipped: 2,
    })
  })

  test('is linear where no value is above 0', () => {
    expect(valueRange([stroke(1, -3), stroke(2, 0)], VIEW, true).isLog).toBe(false)
  })
})
