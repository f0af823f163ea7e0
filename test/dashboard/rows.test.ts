import { expect, test } from 'vitest'
import { attemptsOf, emptyRows, pushRow, type Rows } from '../../dashboard/rows.ts'

test('merging keeps attempts apart and the ordinals of the rows ascending', () => {
  const rows = filled(100, (i) => Math.floor(i / 30))
  for (const { start, end } of attemptsOf(rows)) {
    expect(new Set(rows.attempt.subarray(start, end)).size).toBe(1)
  }
  const ordinals = [...rows.ordinal.subarray(0, rows.length)]
  expect(ordinals).toEqual([...ordinals].sort((a, b) => a - b))
  expect(attemptsOf(rows)).toHaveLength(4)
})

test('recent rows do not stay fine while old ones turn to blocks', () => {
  const rows = filled(5000, () => 0)
  const lengths = [...rows.ordinal.subarray(1, rows.length)].map((ordinal, i) => ordinal - rows.ordinal[i]!)
  const halves = [lengths.slice(0, lengths.length / 4), lengths.slice(lengths.length / 4, lengths.length / 2)]
  const [older, newer] = halves.map((half) => Math.max(...half)) as [number, number]
  expect(older).toBeLessThanOrEqual(2 * newer)
})

test('rows where nothing can be merged are kept, even above the limit', () => {
  const rows = filled(100, (i) => i)
  expect(rows.length).toBe(100)
  expect([...rows.max.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

function filled(count: number, attemptOf: (i: number) => number): Rows {
  const rows = emptyRows()
  for (let i = 0; i < count; i++) {
    pushRow(rows, { xFrom: i, xTo: i, min: i, max: i, ordinal: i, attempt: attemptOf(i) }, 32)
  }
  return rows
}
