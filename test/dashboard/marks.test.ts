import { describe, expect, test } from 'vitest'
import { type MarkText, marksOf as marksOfSeries, markText } from '../../dashboard/mark-text.ts'
import { emptyMarks, groupMarks, type Marks, markColumns, pushMark, summariseMarks } from '../../dashboard/marks.ts'
import { detailOf, type Series, seriesFromEnvelope } from '../../dashboard/series-store.ts'
import { type Finite, metricValue, type NonFinite } from '../../src/protocol/value.ts'
import { answerOf, envelopeOf, type TestSample } from './samples.ts'

function marksOf(...list: readonly (readonly [number, NonFinite])[]): Marks {
  const marks = emptyMarks()
  for (const [ordinal, [x, value]] of list.entries()) pushMark(marks, x, ordinal, value)
  return marks
}

test('marks too near to be told apart are one group, and no group hides its kind', () => {
  const marks = marksOf([1, 'NaN'], [2, 'NaN'], [50, 'NaN'], [2, 'Infinity'])
  expect(groupMarks(marks, 0, 100, 5)).toEqual([
    { kind: 'NaN', count: 2, fromX: 1, toX: 2 },
    { kind: 'NaN', count: 1, fromX: 50, toX: 50 },
    { kind: 'Infinity', count: 1, fromX: 2, toX: 2 },
  ])
})

test('each pixel column with a mark is named once', () => {
  const marks = marksOf([50, 'NaN'], [1, 'NaN'], [1.5, 'Infinity'], [200, 'NaN'])
  expect(markColumns(marks, { fromX: 0, toX: 100, widthPx: 10 })).toEqual([0, 5])
})

test('a finite value is refused', () => {
  expect(() => pushMark(emptyMarks(), 0, 0, 1 as Finite)).toThrow(RangeError)
})

test('more marks than there was room for at first are all kept', () => {
  const marks = marksOf(...Array.from({ length: 100 }, (_, i): [number, NonFinite] => [i, 'NaN']))
  expect(summariseMarks(marks, 0, 1000)[0]).toMatchObject({ count: 100, fromX: 0, toX: 99 })
})

describe('the legend says', () => {
  const many = Array.from({ length: 50 }, (_, i): [number, NonFinite] => [91 + i, 'NaN'])
  const cases = [
    { name: 'where one is', marks: marksOf([812, 'NaN']), text: 'NaN at step 812' },
    { name: 'where a few are', marks: marksOf([62, 'Infinity'], [88, 'Infinity']), text: 'Infinity at steps 62, 88' },
    { name: 'from where to where many are', marks: marksOf(...many), text: 'NaN at steps 91–140 (50 values)' },
    {
      name: 'that there are more elsewhere',
      marks: marksOf([10, '-Infinity'], [5000, '-Infinity']),
      text: '-Infinity at step 10 (1 outside this range)',
    },
    { name: 'that all are elsewhere', marks: marksOf([5000, 'NaN']), text: 'NaN (1 outside this range)' },
    { name: 'that one step has several', marks: marksOf([7, 'NaN'], [7, 'NaN']), text: 'NaN at step 7 (2 values)' },
  ]
  for (const { name, marks, text } of cases) {
    test(name, () =>
      expect(summariseMarks(marks, 0, 1000).map((summary) => joined(markText(summary, 'step', true)))).toEqual([text]),
    )
  }
})

describe('of a long series the legend says', () => {
  const samples = Array.from(
    { length: 400 },
    (_, step): TestSample => ({ step, value: step >= 300 ? 'NaN' : metricValue(1) }),
  )
  const texts = (series: Series, from: number, to: number): string[] =>
    marksOfSeries(series, { from, to }).map(({ summary, isExact }) => joined(markText(summary, 'step', isExact)))

  test('that there may be more than the envelope lists', () => {
    const series = seriesFromEnvelope(envelopeOf(1, samples, 40))
    expect(texts(series, 0, 399)).toEqual(['NaN at steps 300–390 (at least 10 values)'])
  })

  test('the exact number where it is here sample by sample', () => {
    const series = seriesFromEnvelope(envelopeOf(1, samples, 40))
    series.detail = detailOf(series, { from: 290, to: 320 }, [answerOf(1, samples, 280, 60)])
    expect(texts(series, 290, 320)).toEqual(['NaN at steps 300–320 (21 values, 7 outside this range)'])
  })
})

function joined({ where, more }: MarkText): string {
  return `${where} ${more}`.trim()
}
