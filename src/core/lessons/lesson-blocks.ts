import type { LessonBlock, LessonCell, LessonLine } from '../../protocol/lesson.ts'
import { type MetricValue, metricValue } from '../../protocol/value.ts'

/** A value as it comes: words, a computed number, or one that was stored. */
export type TableValue = string | number | { readonly value: MetricValue }

export function textBlock(...sentences: readonly string[]): LessonBlock {
  return { kind: 'text', text: sentences.filter((sentence) => sentence !== '').join(' ') }
}

export function formulaBlock(...lines: readonly string[]): LessonBlock {
  return { kind: 'formula', lines }
}

/** A table that holds for everybody. */
export function tableBlock(
  title: string,
  head: readonly string[],
  rows: readonly (readonly TableValue[])[],
): LessonBlock {
  return { kind: 'table', title, isOwn: false, head, rows: rows.map((row) => row.map(cellOf)) }
}

/** The numbers of the batch that the lesson speaks of. */
export function batchNumbersBlock(
  title: string,
  rows: readonly (readonly [name: string, value: TableValue, unit: string])[],
) {
  const block: LessonBlock = {
    kind: 'table',
    title,
    isOwn: true,
    head: ['what', 'value', 'unit'],
    rows: rows.map((row) => row.map(cellOf)),
  }
  return block
}

export function chartBlock(title: string, xName: string, yName: string, lines: readonly LessonLine[]): LessonBlock {
  return { kind: 'chart', title, xName, yName, lines }
}

const POINTS = 121

/** `f` at evenly spaced places from `from` to `to`, both included. */
export function curve(name: string, from: number, to: number, f: (x: number) => number): LessonLine {
  const x = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1))
  return { name, x, y: x.map((at) => unsigned(f(at))) }
}

/** A number within a sentence: four digits, and the signs of people for what is not finite. */
export function inWords(value: number | MetricValue): string {
  const number = Number(value)
  if (Number.isNaN(number)) return 'NaN'
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞'
  const short = Number(number.toPrecision(4))
  const digits = Math.abs(short) < 1e6 ? String(short) : short.toExponential()
  return digits.replaceAll('-', '−')
}

function cellOf(cell: TableValue): LessonCell {
  if (typeof cell === 'string') return { text: cell }
  return typeof cell === 'number' ? { value: unsigned(cell) } : cell
}

/** −ln 1 is −0: JSON would lose its sign, and nobody wants to read it. */
function unsigned(value: number): MetricValue {
  return metricValue(value === 0 ? 0 : value)
}
