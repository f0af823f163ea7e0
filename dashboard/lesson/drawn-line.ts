import type { LessonLine } from '../../src/protocol/lesson.ts'
import { isFinite } from '../../src/protocol/value.ts'

/** The part of the plane that a chart shows: x from its first to its last, y from 0 to its largest finite one. */
export interface ChartFrame {
  readonly from: number
  readonly to: number
  readonly top: number
}

export interface DrawnLine {
  readonly name: string
  /** As the `d` of an SVG path; broken where a value is. */
  readonly path: string
  /** Where the values are not finite, and what they are: the first of each stretch. */
  readonly broken: readonly { readonly x: number; readonly name: '∞' | 'NaN' }[]
}

/** All lines of a chart are drawn in one frame. */
export function frameOf(lines: readonly LessonLine[]): ChartFrame {
  const xs = lines.flatMap(({ x }) => x)
  const ys = lines.flatMap(({ y }) => y.filter(isFinite))
  const from = Math.min(...xs)
  const to = Math.max(...xs)
  return { from, to: to > from ? to : from + 1, top: Math.max(0, ...ys) || 1 }
}

/** A line in the pixels of a chart of this size, whose y grows downwards. */
export function drawnLine(
  { name, x, y }: LessonLine,
  { from, to, top }: ChartFrame,
  { width, height }: { readonly width: number; readonly height: number },
): DrawnLine {
  const broken: { x: number; name: '∞' | 'NaN' }[] = []
  let path = ''
  let isDown = false
  let wasBroken = false
  y.forEach((value, i) => {
    const at = ((x[i]! - from) / (to - from)) * width
    if (isFinite(value)) {
      path += `${isDown ? 'L' : 'M'}${rounded(at)} ${rounded(height * (1 - value / top))}`
    } else if (!wasBroken) {
      broken.push({ x: rounded(at), name: value === 'NaN' ? 'NaN' : '∞' })
    }
    isDown = isFinite(value)
    wasBroken = !isDown
  })
  return { name, path, broken }
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100
}
