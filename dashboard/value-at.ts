import { KINDS, type Marks } from './marks.ts'
import { isBroken, valueText } from './number-text.ts'
import { attemptsOf, type Rows } from './rows.ts'
import { columnsFor, extentOf, type Series } from './series-store.ts'

/** A value of a series as the page shows it. */
export interface DisplayedValue {
  readonly text: string
  readonly isBroken: boolean
}

const NOTHING: DisplayedValue = { text: '–', isBroken: false }

/** The newest value. */
export function newestValue({ newest }: Series): DisplayedValue {
  return newest === null ? NOTHING : { text: valueText(newest), isBroken: isBroken(newest) }
}

/** The value nearest to `x`, of the last attempt that came by there; nothing beyond the ends of the series. */
export function valueAt(series: Series, x: number): DisplayedValue {
  const extent = extentOf(series)
  if (extent === null || x < extent.from - 0.5 || x > extent.to + 0.5) return NOTHING
  const { rows, marks } = columnsFor(series, { from: x, to: x })
  const row = nearestRow(rows, x)
  const mark = nearestMark(marks, x)
  const rowDistance = row === -1 ? Infinity : distanceTo(rows, row, x)
  const markDistance = mark === -1 ? Infinity : Math.abs(marks.x[mark]! - x)
  return markDistance <= rowDistance ? valueOfMark(marks, mark) : valueOfRow(rows, row)
}

function nearestRow(rows: Rows, x: number): number {
  let nearest = -1
  for (const { start, end } of attemptsOf(rows).reverse()) {
    let [low, high] = [start, end - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (rows.xTo[middle]! < x) low = middle + 1
      else high = middle
    }
    const before = Math.max(start, low - 1)
    const here = distanceTo(rows, before, x) < distanceTo(rows, low, x) ? before : low
    if (x >= rows.xFrom[start]! && x <= rows.xTo[end - 1]!) return here
    if (nearest === -1 || distanceTo(rows, here, x) < distanceTo(rows, nearest, x)) nearest = here
  }
  return nearest
}

function nearestMark(marks: Marks, x: number): number {
  let nearest = -1
  for (let i = 0; i < marks.length; i++) {
    if (nearest === -1 || Math.abs(marks.x[i]! - x) <= Math.abs(marks.x[nearest]! - x)) nearest = i
  }
  return nearest
}

function distanceTo(rows: Rows, i: number, x: number): number {
  const [from, to] = [rows.xFrom[i]!, rows.xTo[i]!]
  return x < from ? from - x : Math.max(0, x - to)
}

function valueOfRow(rows: Rows, i: number): DisplayedValue {
  const [min, max] = [rows.min[i]!, rows.max[i]!]
  return { text: min === max ? valueText(min) : `${valueText(min)} … ${valueText(max)}`, isBroken: false }
}

function valueOfMark(marks: Marks, i: number): DisplayedValue {
  return { text: KINDS[marks.kind[i]!]!, isBroken: true }
}
