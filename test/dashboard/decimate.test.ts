import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimate, type Stroke, type VisibleRange } from '../../dashboard/decimate.ts'
import { attemptsOf, emptyRows, pushRow, type Rows } from '../../dashboard/rows.ts'
import { appendSamples, emptySeries } from '../../dashboard/series-store.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { answerOf, infoOf } from './samples.ts'

const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
)
const anyView = fc
  .record({
    from: fc.integer({ min: -20, max: 400 }),
    length: fc.integer({ min: 1, max: 500 }),
    widthPx: fc.integer({ min: 1, max: 300 }),
  })
  .map(({ from, length, widthPx }): VisibleRange => ({ fromX: from, toX: from + length, widthPx }))

test('no zoom hides an extreme', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 400 }), anyView, (values, view) => {
      const series = emptySeries(infoOf(1, values.length))
      appendSamples(
        series,
        answerOf(
          series.id,
          values.map((value, step) => ({ step, value: metricValue(value) })),
        ),
      )
      const strokes = visible(strokesOf(series.rows, view), view)
      const seen = values.filter((value, step) => Number.isFinite(value) && step >= view.fromX && step <= view.toX)

      expect(lowest(strokes)).toBe(Math.min(...seen))
      expect(highest(strokes)).toBe(Math.max(...seen))
    }),
  )
})

test('every finite value lies within the stroke of its own column, and every end of a stroke is a value', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
      anyView,
      (values, view) => {
        const rows = rowsOf(values)
        const strokes = new Map(visible(strokesOf(rows, view), view).map((stroke) => [stroke.x, stroke]))
        const pxPerX = view.widthPx / (view.toX - view.fromX)
        values.forEach((value, step) => {
          if (step < view.fromX || step > view.toX) return
          const column = Math.min(view.widthPx - 1, Math.floor((step - view.fromX) * pxPerX))
          const stroke = strokes.get(column)!
          expect(stroke.min).toBeLessThanOrEqual(value)
          expect(stroke.max).toBeGreaterThanOrEqual(value)
          expect(values).toContain(stroke.min)
          expect(values).toContain(stroke.max)
        })
      },
    ),
  )
})

test('no zoom hides an extreme of a series whose rows have been merged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 600 }),
      fc.integer({ min: 8, max: 64 }),
      fc.integer({ min: 1, max: 200 }),
      (values, limit, widthPx) => {
        const rows = rowsOf(values, limit)
        const strokes = strokesOf(rows, { fromX: 0, toX: Math.max(1, values.length - 1), widthPx })
        expect(rows.length).toBeLessThanOrEqual(limit)
        expect(lowest(strokes)).toBe(Math.min(...values))
        expect(highest(strokes)).toBe(Math.max(...values))
      },
    ),
  )
})

test('there is at most one stroke per pixel column, however many samples there are', () => {
  const rows = rowsOf(Array.from({ length: 30_000 }, (_, i) => Math.sin(i)))
  const strokes = strokesOf(rows, { fromX: 0, toX: 29_999, widthPx: 500 })
  expect(strokes.map(({ x }) => x)).toEqual(Array.from({ length: 500 }, (_, x) => x))
})

test('the nearest sample beyond either edge comes along, so that lines lead out of the picture', () => {
  const strokes = strokesOf(rowsOf([10, 20, 30, 40, 50]), { fromX: 1.5, toX: 2.5, widthPx: 10 })
  expect(strokes).toEqual([
    { x: -5, min: 20, max: 20 },
    { x: 5, min: 30, max: 30 },
    { x: 15, min: 40, max: 40 },
  ])
})

test('a row of several samples is drawn over all the columns that it may lie in', () => {
  const rows = emptyRows()
  pushRow(rows, { xFrom: 2, xTo: 4, min: -1, max: 7, ordinal: 0, attempt: 0 })
  const strokes = strokesOf(rows, { fromX: 0, toX: 10, widthPx: 10 })
  expect(strokes).toEqual([2, 3, 4].map((x) => ({ x, min: -1, max: 7 })))
})

function rowsOf(values: readonly number[], limit?: number): Rows {
  const rows = emptyRows()
  values.forEach((value, step) => {
    pushRow(rows, { xFrom: step, xTo: step, min: value, max: value, ordinal: step, attempt: 0 }, limit)
  })
  return rows
}

function strokesOf(rows: Rows, view: VisibleRange): Stroke[] {
  return attemptsOf(rows).flatMap(({ start, end }) => decimate(rows, start, end, view))
}

function visible(strokes: readonly Stroke[], { widthPx }: VisibleRange): Stroke[] {
  return strokes.filter(({ x }) => x >= 0 && x < widthPx)
}

function lowest(strokes: readonly Stroke[]): number {
  return Math.min(...strokes.map(({ min }) => min))
}

function highest(strokes: readonly Stroke[]): number {
  return Math.max(...strokes.map(({ max }) => max))
}
