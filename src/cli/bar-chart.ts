import { inWords } from '../core/lessons/lesson-blocks.ts'
import type { LessonBlock, LessonLine } from '../protocol/lesson.ts'

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const ROWS = 5
/** What a column shows whose values are not all finite. */
const BEYOND = '∞'
const NOT_A_NUMBER = '×'

/**
 * The lines of a chart as bars, one below the other and all on one scale.
 *
 * A column shows the largest value in it, so no spike is lost, and one that is
 * not finite is a mark at its top.
 */
export function barChart(chart: Extract<LessonBlock, { kind: 'chart' }>, width: number): string[] {
  const top = Math.max(...chart.lines.flatMap(({ y }) => y.map(Number).filter(Number.isFinite)), 0)
  const scale = inWords(top)
  const columns = Math.max(10, width - scale.length - 4)
  return chart.lines.flatMap((line) => {
    const [from, to] = [line.x[0] ?? 0, line.x.at(-1) ?? 0]
    const rows = bars(columnsOf(line, columns), top)
    const margin = ' '.repeat(scale.length)
    return [
      `${line.name} (${chart.yName})`,
      ...rows.map((row, i) => `${i === 0 ? scale : i === ROWS - 1 ? '0'.padStart(scale.length) : margin} ${row}`),
      `${margin} ${axis(inWords(from), chart.xName, inWords(to), columns)}`,
    ]
  })
}

/** The largest value of each column; a gap between points holds the one before. */
function columnsOf({ x, y }: LessonLine, columns: number): number[] {
  const [from, to] = [x[0] ?? 0, x.at(-1) ?? 0]
  const values: (number | undefined)[] = Array.from({ length: columns })
  x.forEach((at, i) => {
    const column = to === from ? 0 : Math.min(columns - 1, Math.floor(((at - from) / (to - from)) * columns))
    const known = values[column]
    const value = Number(y[i])
    values[column] = known === undefined ? value : Math.max(known, value)
  })
  let last = 0
  return values.map((value) => {
    last = value ?? last
    return last
  })
}

function bars(values: readonly number[], top: number): string[] {
  return Array.from({ length: ROWS }, (_, row) =>
    values
      .map((value) => {
        if (Number.isNaN(value)) return row === 0 ? NOT_A_NUMBER : ' '
        if (!Number.isFinite(value)) return row === 0 ? BEYOND : '█'
        const eighths = Math.round((Math.max(0, value) / (top || 1)) * ROWS * 8) - (ROWS - 1 - row) * 8
        return EIGHTHS[Math.max(0, Math.min(8, eighths))]!
      })
      .join('')
      .trimEnd(),
  )
}

function axis(from: string, name: string, to: string, columns: number): string {
  const room = columns - from.length - to.length
  if (name.length + 2 > room) return `${from}${' '.repeat(Math.max(1, room))}${to}`
  const left = Math.floor((room - name.length) / 2)
  return `${from}${' '.repeat(left)}${name}${' '.repeat(room - name.length - left)}${to}`
}
