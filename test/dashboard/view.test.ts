import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asRange, EMPTY_VIEW, rangeAround, type View, viewFromFragment, viewToFragment } from '../../dashboard/view.ts'

const anyView: fc.Arbitrary<View> = fc.record({
  run: fc.option(fc.string({ unit: 'grapheme' })),
  charts: fc.array(fc.string({ unit: 'grapheme' })),
  range: fc.option(
    fc
      .tuple(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 1e6 }))
      .map(([from, length]) => ({ from, to: from + length })),
  ),
  log: fc.array(fc.string()),
  alert: fc.option(fc.string()),
  lesson: fc.option(fc.string()),
})

test('a view that is sent to a colleague arrives as it was', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      expect(viewFromFragment(`#${viewToFragment(view)}`)).toEqual(view)
    }),
  )
})

test('any fragment at all can be read', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void viewFromFragment(text)))
})

describe('a range', () => {
  const cases = [
    { name: 'of words', fragment: 'from=a&to=b', range: null },
    { name: 'without an end', fragment: 'from=3', range: null },
    { name: 'that is empty text', fragment: 'from=&to=', range: null },
    { name: 'that ends before it begins', fragment: 'from=9&to=3', range: null },
    { name: 'of one step is widened', fragment: 'from=9&to=9', range: { from: 8, to: 10 } },
    { name: 'without an upper bound', fragment: 'from=0&to=Infinity', range: null },
  ]
  for (const { name, fragment, range } of cases) {
    test(name, () => expect(viewFromFragment(fragment)).toEqual({ ...EMPTY_VIEW, range }))
  }
})

describe('the steps around an alert', () => {
  const cases = [
    { name: 'show what led up to it', step: 500, lastStep: 1000, range: { from: 440, to: 530 } },
    { name: 'do not begin below 0', step: 10, lastStep: 1000, range: { from: 0, to: 40 } },
    { name: 'do not go beyond the last step', step: 990, lastStep: 1000, range: { from: 930, to: 1000 } },
    { name: 'are more in a longer run', step: 500_000, lastStep: 1_000_000, range: { from: 440_000, to: 530_000 } },
    { name: 'are a range where the last step is not known', step: 90, lastStep: null, range: { from: 30, to: 91 } },
    { name: 'are a range at step 0', step: 0, lastStep: 0, range: { from: 0, to: 1 } },
  ]
  for (const { name, step, lastStep, range } of cases) {
    test(name, () => {
      expect(rangeAround(step, lastStep)).toEqual(range)
      expect(asRange(range.from, range.to)).toEqual(range)
    })
  }
})
