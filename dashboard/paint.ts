import type { Severity } from '../src/protocol/alert.ts'
import type { Dash } from './chart-groups.ts'
import type { Colours } from './colours.ts'
import type { Stroke } from './decimate.ts'
import type { MarkGroup } from './marks.ts'

/** A rectangle on the canvas, in its own pixels. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** One series, cut down to what one picture needs. */
export interface Picture {
  readonly colour: string
  readonly dash: Dash
  /** The strokes of each attempt. */
  readonly attempts: readonly (readonly Stroke[])[]
  readonly marks: readonly MarkGroup[]
  /** Pixel columns that hold a non-finite value, ascending: no line may lead across one. */
  readonly gaps: readonly number[]
}

/** An alert's place in a chart. */
export interface Marker {
  readonly x: number
  readonly severity: Severity
  readonly isFiring: boolean
  readonly isOpen: boolean
}

/** Height of a mark in CSS pixels; the chart keeps this much free above its plot. */
export const MARK_PX = 9
const EARLIER_ATTEMPT_ALPHA = 0.45

/** Draws one series: its strokes, and a dot for every value that no line leads to. */
export function paintLine(
  canvas: CanvasRenderingContext2D,
  area: Area,
  picture: Picture,
  yOf: (value: number) => number,
  ratio: number,
): void {
  canvas.save()
  clip(canvas, area)
  canvas.strokeStyle = canvas.fillStyle = picture.colour
  const isDense = picture.attempts.some((strokes) => strokes.length * 2 * ratio > area.width)
  canvas.lineWidth = (isDense ? 1.1 : 1.5) * ratio
  canvas.lineJoin = 'round'
  canvas.setLineDash(dashOf(picture.dash).map((length) => length * ratio))
  for (const strokes of picture.attempts) {
    const dots = new Path2D()
    const line = new Path2D()
    const isSparse = strokes.length * 14 * ratio < area.width
    trace(line, dots, strokes, picture.gaps, area.left, yOf, isSparse, ratio)
    // What a resumed job did again stands in front of what it had done before.
    canvas.globalAlpha = strokes === picture.attempts.at(-1) ? 1 : EARLIER_ATTEMPT_ALPHA
    canvas.stroke(line)
    canvas.fill(dots)
  }
  canvas.restore()
}

/** Draws the non-finite values of a series along the upper edge, or the lower one for −Infinity. */
export function paintMarks(
  canvas: CanvasRenderingContext2D,
  area: Area,
  picture: Picture,
  xOf: (x: number) => number,
  colours: Colours,
  ratio: number,
): void {
  const size = MARK_PX * ratio
  const half = size / 2
  canvas.save()
  canvas.fillStyle = canvas.strokeStyle = colours.broken
  canvas.lineWidth = 2 * ratio
  for (const { kind, fromX, toX } of picture.marks) {
    const isLow = kind === '-Infinity'
    const tip = isLow ? area.top + area.height - 1 * ratio : area.top - size - 1 * ratio
    const base = isLow ? tip - size : tip + size
    const from = xOf(fromX)
    const to = xOf(toX)
    canvas.beginPath()
    canvas.moveTo(from, tip)
    canvas.lineTo(from + half, base)
    canvas.lineTo(from - half, base)
    canvas.closePath()
    canvas.fill()
    if (to - from > size) {
      canvas.beginPath()
      canvas.moveTo(from, base - (isLow ? -ratio : ratio))
      canvas.lineTo(to, base - (isLow ? -ratio : ratio))
      canvas.stroke()
    }
  }
  canvas.restore()
}

/** Draws where alerts are: firing ones as dashed lines, resolved ones fainter, the open one solid. */
export function paintMarkers(
  canvas: CanvasRenderingContext2D,
  area: Area,
  markers: readonly Marker[],
  xOf: (x: number) => number,
  colours: Colours,
  ratio: number,
): void {
  canvas.save()
  clip(canvas, area)
  for (const { x, severity, isFiring, isOpen } of markers) {
    const at = Math.round(xOf(x)) + 0.5
    canvas.strokeStyle = colours[severity]
    canvas.globalAlpha = isOpen ? 1 : isFiring ? 0.75 : 0.4
    canvas.lineWidth = (isOpen ? 2 : 1) * ratio
    canvas.setLineDash(isOpen ? [] : [4 * ratio, 3 * ratio])
    canvas.beginPath()
    canvas.moveTo(at, area.top)
    canvas.lineTo(at, area.top + area.height)
    canvas.stroke()
  }
  canvas.restore()
}

/**
 * Runs from stroke to stroke, into the near end of each and out of the far one.
 * The pen is lifted where a non-finite value lies between two strokes.
 */
function trace(
  line: Path2D,
  dots: Path2D,
  strokes: readonly Stroke[],
  gaps: readonly number[],
  leftPx: number,
  yOf: (value: number) => number,
  isSparse: boolean,
  ratio: number,
): void {
  let previous: Stroke | null = null
  let y = 0
  for (let i = 0; i < strokes.length; i++) {
    const stroke = strokes[i]!
    const x = leftPx + stroke.x + 0.5
    const [top, bottom] = [yOf(stroke.max), yOf(stroke.min)]
    const isJoined = previous !== null && !isParted(previous.x, stroke.x, gaps)
    const next = strokes[i + 1]
    const isAlone = !isJoined && (next === undefined || isParted(stroke.x, next.x, gaps))
    const [near, far] = isJoined && Math.abs(y - top) < Math.abs(y - bottom) ? [top, bottom] : [bottom, top]
    if (isJoined) line.lineTo(x, near)
    else line.moveTo(x, near)
    line.lineTo(x, far)
    y = far
    previous = stroke
    if (isSparse || isAlone) dot(dots, x, top, (isAlone ? 2.6 : 2) * ratio)
  }
}

/** Neighbouring columns stay joined: a dense series would fall into dots, and the mark above it says enough. */
function isParted(fromPx: number, toPx: number, gaps: readonly number[]): boolean {
  if (toPx - fromPx <= 1) return false
  let [low, high] = [0, gaps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (gaps[middle]! < fromPx) low = middle + 1
    else high = middle
  }
  return low < gaps.length && gaps[low]! <= toPx
}

function dot(dots: Path2D, x: number, y: number, radius: number): void {
  dots.moveTo(x + radius, y)
  dots.arc(x, y, radius, 0, 2 * Math.PI)
}

function clip(canvas: CanvasRenderingContext2D, { left, top, width, height }: Area): void {
  canvas.beginPath()
  canvas.rect(left, top - 1, width, height + 2)
  canvas.clip()
}

function dashOf(dash: Dash): number[] {
  if (dash === 'dashed') return [6, 3]
  return dash === 'dotted' ? [2, 3] : []
}
