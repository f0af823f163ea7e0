import { expect, test } from 'vitest'
import { drawnLine, frameOf } from '../../dashboard/lesson/drawn-line.ts'
import type { LessonLine } from '../../src/protocol/lesson.ts'
import { metricValue } from '../../src/protocol/value.ts'

const SIZE = { width: 100, height: 10 }

function line(...y: readonly number[]): LessonLine {
  return { name: 'loss', x: y.map((_, i) => i), y: y.map(metricValue) }
}

test('a line reaches from the left edge to the right and from the bottom to the top', () => {
  const drawn = line(0, 1, 2)
  expect(drawnLine(drawn, frameOf([drawn]), SIZE).path).toBe('M0 10L50 5L100 0')
})

test('two lines share one scale', () => {
  const frame = frameOf([line(0, 4), line(0, 1)])
  expect(drawnLine(line(0, 1), frame, SIZE).path).toBe('M0 10L100 7.5')
})

test('what is not finite breaks the line and is named once for each stretch', () => {
  const drawn = line(Infinity, 1, NaN, NaN, 1)
  const { path, broken } = drawnLine(drawn, frameOf([drawn]), SIZE)
  expect(path).toBe('M25 0M100 0')
  expect(broken).toEqual([
    { x: 0, name: '∞' },
    { x: 50, name: 'NaN' },
  ])
})

test('a line of zeros, of one point or of nothing finite can be drawn', () => {
  for (const drawn of [line(0, 0), line(3), line(NaN)]) {
    expect(drawnLine(drawn, frameOf([drawn]), SIZE).path).not.toContain('NaN')
  }
})
