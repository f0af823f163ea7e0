import type { LessonBlock, LessonCell } from '../../src/protocol/lesson.ts'
import { isBroken, valueText } from '../number-text.ts'
import { LineChart } from './line-chart.tsx'

/** The blocks of a lesson, one below the other. */
export function LessonBlocks({ blocks }: { blocks: readonly LessonBlock[] }) {
  return (
    <>
      {blocks.map((block, i) => (
        <Block key={i} block={block} />
      ))}
    </>
  )
}

function Block({ block }: { block: LessonBlock }) {
  switch (block.kind) {
    case 'text':
      return <p>{withCode(block.text)}</p>
    case 'formula':
      return <pre class="lesson-formula">{block.lines.join('\n')}</pre>
    case 'table':
      return <Table block={block} />
    case 'chart':
      return <LineChart block={block} />
  }
}

/** Names of functions stand between backticks. */
function withCode(text: string) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))
}

function Table({ block }: { block: Extract<LessonBlock, { kind: 'table' }> }) {
  return (
    <div class={`lesson-table ${block.isOwn ? 'lesson-own' : ''}`}>
      <table>
        <caption>{block.title}</caption>
        {!block.isOwn && (
          <thead>
            <tr>
              {block.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {block.rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <Cell key={j} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ cell }: { cell: LessonCell }) {
  if ('text' in cell) return <td>{cell.text}</td>
  return <td class={`numbers ${isBroken(cell.value) ? 'broken' : ''}`}>{valueText(cell.value)}</td>
}
