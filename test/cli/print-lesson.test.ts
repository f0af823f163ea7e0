import { describe, expect, test } from 'vitest'
import { barChart } from '../../src/cli/bar-chart.ts'
import { lessonText } from '../../src/cli/print-lesson.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { TOPICS } from '../../src/core/lessons/index.ts'
import { lesson } from '../../src/core/lessons/lesson-of-topic.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { HEALTHY, subjectOf } from '../core/lessons/subject.ts'

const terminal = (columns: number): Terminal => ({
  stdout: () => undefined,
  stderr: () => undefined,
  stdin: [] as unknown as Terminal['stdin'],
  hasColor: false,
  isInteractive: false,
  columns,
  signal: new AbortController().signal,
})

test('no line of any lesson is wider than 80 columns, however wide the terminal', () => {
  for (const { name } of TOPICS) {
    const lines = lessonText(lesson(name, subjectOf())!, terminal(200)).split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  }
})

test('a run cannot move the cursor by its name', () => {
  const subject = { ...subjectOf(), source: { kind: 'run', run: 'a\u001b[2Jb', step: HEALTHY.step } } as const
  for (const { name } of TOPICS) {
    const text = lessonText(lesson(name, subject)!, terminal(80))
    expect(text).not.toContain('\u001b')
    expect(text).toContain('a\\x1b[2Jb')
  }
})

describe('a bar chart', () => {
  const chart = (y: readonly number[]) => ({
    kind: 'chart' as const,
    title: '',
    xName: 'x',
    yName: 'nats',
    lines: [{ name: 'line', x: y.map((_, i) => i), y: y.map(metricValue) }],
  })

  test('fills five rows at its largest value and none at 0', () => {
    const [, ...rows] = barChart(chart([0, 8]), 15)
    expect(rows.slice(0, 5).map((row) => row.at(-1))).toEqual(['█', '█', '█', '█', '█'])
    expect(rows[4]).toMatch(/^0 {10,}█$/)
    expect(rows[5]?.trim()).toMatch(/^0 +x +1$/)
  })

  test('marks what is infinite and what is no number at the top', () => {
    const [, top] = barChart(chart([1, Infinity, NaN, 1]), 15)
    expect(top).toContain('∞')
    expect(top).toContain('×')
  })

  test('keeps the largest value of the points that share a column', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 8 : 0))
    const [, top] = barChart(chart(values), 40)
    expect(top?.match(/█/g)).toHaveLength(1)
  })
})
