import { describe, expect, test } from 'vitest'
import { CompensatedSum } from '../../../src/core/measure/sum.ts'

function sumOf(terms: readonly number[]): CompensatedSum {
  const sum = new CompensatedSum()
  for (const term of terms) sum.add(term)
  return sum
}

describe('a compensated sum', () => {
  const cases = [
    { name: 'keeps small terms beside a large one that cancels', terms: [1, 1e100, 1, -1e100], total: 2 },
    { name: 'of ten tenths is 1', terms: Array.from({ length: 10 }, () => 0.1), total: 1 },
    { name: 'of nothing is 0', terms: [], total: 0 },
    { name: 'stays infinite', terms: [1, Infinity, 2], total: Infinity },
    { name: 'stays infinite below', terms: [-Infinity, 5], total: -Infinity },
    { name: 'of both infinities is NaN', terms: [Infinity, -Infinity], total: NaN },
    { name: 'with a NaN is NaN', terms: [1, NaN, 2], total: NaN },
  ]
  for (const { name, terms, total } of cases) {
    test(name, () => expect(sumOf(terms).total).toBe(total))
  }

  test('has the mean of its terms, which is NaN without any', () => {
    expect(sumOf([1, 2, 6]).mean).toBe(3)
    expect(sumOf([1, 2, 6]).count).toBe(3)
    expect(sumOf([]).mean).toBeNaN()
  })
})
