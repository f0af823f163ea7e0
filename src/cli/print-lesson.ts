import { inWords } from '../core/lessons/lesson-blocks.ts'
import type { Lesson, LessonBlock, LessonCell, LessonSource, LessonTopic } from '../protocol/lesson.ts'
import { barChart } from './bar-chart.ts'
import { table } from './table.ts'
import { paint, printable, type Terminal } from './terminal.ts'
import { wrapped } from './wrap.ts'

const MOST_COLUMNS = 80
const INDENT = '  '

/** The list of topics, and how to go on. */
export function topicsText(topics: readonly LessonTopic[], terminal: Terminal): string {
  const colors = paint(terminal)
  const entries = topics.map(({ topic, title, claim }) =>
    [
      `${colors.bold(topic)}: ${title}`,
      ...wrapped(claim, widthOf(terminal) - INDENT.length).map((line) => INDENT + line),
    ].join('\n'),
  )
  return `${entries.join('\n')}\n\nnanwatch learn TOPIC explains one of them, nanwatch learn all the whole.\n`
}

/** A lesson for people, within 80 columns. */
export function lessonText(lesson: Lesson, terminal: Terminal): string {
  const colors = paint(terminal)
  const width = widthOf(terminal)
  const head = [
    colors.bold(lesson.title),
    ...wrapped(lesson.claim, width),
    colors.dim(wrapped(`Numbers: ${sourceText(lesson.source)}.`, width).join('\n')),
  ]
  return `${[head.join('\n'), ...lesson.blocks.map((block) => blockText(block, terminal, width))].join('\n\n')}\n\n`
}

function sourceText({ kind, run, step }: LessonSource): string {
  const place = `${step === null ? 'a batch' : `step ${step}`} of ${printable(run)}`
  return kind === 'demo' ? `${place}, a small training that was computed just now` : place
}

function blockText(block: LessonBlock, terminal: Terminal, width: number): string {
  const colors = paint(terminal)
  switch (block.kind) {
    case 'text':
      return wrapped(printable(block.text), width).join('\n')
    case 'formula':
      return block.lines.map((line) => INDENT + colors.bold(line)).join('\n')
    case 'table': {
      const head = block.isOwn ? block.head.map(() => '') : block.head
      const rows = table(
        head,
        block.rows.map((row) => row.map(cellText)),
      )
      const lines = (block.isOwn ? rows.slice(rows.indexOf('\n') + 1) : rows).trimEnd().split('\n')
      const title = printable(block.title)
      return [block.isOwn ? colors.cyan(title) : colors.bold(title), ...lines.map((line) => INDENT + line)].join('\n')
    }
    case 'chart':
      return [colors.bold(printable(block.title)), ...barChart(block, width).map((line) => INDENT + line)].join('\n')
  }
}

function cellText(cell: LessonCell): string {
  return 'text' in cell ? cell.text : inWords(cell.value)
}

function widthOf(terminal: Terminal): number {
  return Math.min(MOST_COLUMNS, terminal.columns)
}
