import type { LessonBlock } from '../../src/protocol/lesson.ts'
import { tickText, valueText } from '../number-text.ts'
import { drawnLine, frameOf } from './drawn-line.ts'

const SIZE = { width: 640, height: 200 }
const LEFT = 56
const BOTTOM = 34
const TOP = 10
const RIGHT = 8

/** A chart of a lesson. It never changes while it is read, so it is a picture and no plot. */
export function LineChart({ block }: { block: Extract<LessonBlock, { kind: 'chart' }> }) {
  const frame = frameOf(block.lines)
  const lines = block.lines.map((line) => drawnLine(line, frame, SIZE))
  const { from, to, top } = frame
  return (
    <figure class="lesson-chart">
      <figcaption>{block.title}</figcaption>
      <svg
        viewBox={`${-LEFT} ${-TOP} ${SIZE.width + LEFT + RIGHT} ${SIZE.height + TOP + BOTTOM}`}
        role="img"
        aria-label={`${block.title}: ${block.lines.map(({ name }) => name).join(', ')}`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line
              class="lesson-grid"
              x1={0}
              x2={SIZE.width}
              y1={SIZE.height * (1 - share)}
              y2={SIZE.height * (1 - share)}
            />
            <text x={-8} y={SIZE.height * (1 - share) + 4} text-anchor="end">
              {valueText(Number((top * share).toPrecision(3)))}
            </text>
          </g>
        ))}
        <text x={0} y={SIZE.height + 18} text-anchor="start">
          {tickText(Number(from.toPrecision(4)))}
        </text>
        <text x={SIZE.width / 2} y={SIZE.height + 18} text-anchor="middle">
          {block.xName}
        </text>
        <text x={SIZE.width} y={SIZE.height + 18} text-anchor="end">
          {tickText(Number(to.toPrecision(4)))}
        </text>
        {lines.map(({ name, path, broken }, i) => (
          <g key={name} class={`lesson-line lesson-line-${i}`}>
            <path d={path} />
            {broken.map(({ x, name: value }) => (
              <text key={x} class="lesson-broken" x={x} y={4} text-anchor="middle">
                {value}
              </text>
            ))}
          </g>
        ))}
      </svg>
      <ul class="lesson-legend">
        {lines.map(({ name }, i) => (
          <li key={name} class={`lesson-key-${i}`}>
            {name}
          </li>
        ))}
        <li>{block.yName}</li>
      </ul>
    </figure>
  )
}
