import type { MetricValue, NonFinite } from '../src/protocol/value.ts'
import type { VisibleRange } from './decimate.ts'

/** The non-finite values of one series, in order of reading. */
export interface Marks {
  length: number
  x: Float64Array
  ordinal: Float64Array
  /** Index into `KINDS`. */
  kind: Uint8Array
}

export const KINDS: readonly NonFinite[] = ['NaN', 'Infinity', '-Infinity']
/** How many places of one kind are named one by one. */
export const PLACES_NAMED = 4
const FIRST_CAPACITY = 16

/** Marks of one kind that lie too near to each other to be told apart. */
export interface MarkGroup {
  readonly kind: NonFinite
  readonly count: number
  readonly fromX: number
  readonly toX: number
}

/** All values of one kind: those in sight, and how many are not. */
export interface MarkSummary extends MarkGroup {
  /** Where the first few in sight are, ascending and each once. */
  readonly places: readonly number[]
  readonly outside: number
}

export function emptyMarks(): Marks {
  return withCapacity(FIRST_CAPACITY)
}

/** Adds a value that is not finite; a finite one is a mistake of the caller's. */
export function pushMark(marks: Marks, x: number, ordinal: number, value: MetricValue): void {
  const kind = KINDS.indexOf(value as NonFinite)
  if (kind === -1) throw new RangeError(`${value} is finite: it belongs into the rows`)
  if (marks.length === marks.x.length) {
    const larger = withCapacity(marks.length * 2)
    larger.x.set(marks.x)
    larger.ordinal.set(marks.ordinal)
    larger.kind.set(marks.kind)
    Object.assign(marks, larger, { length: marks.length })
  }
  marks.x[marks.length] = x
  marks.ordinal[marks.length] = ordinal
  marks.kind[marks.length] = kind
  marks.length++
}

/** The marks between `fromX` and `toX`, those nearer than `nearX` to each other as one. Ascending by x for each kind. */
export function groupMarks(marks: Marks, fromX: number, toX: number, nearX: number): MarkGroup[] {
  return KINDS.flatMap((kind, index) => {
    const xs: number[] = []
    for (let i = 0; i < marks.length; i++) {
      if (marks.kind[i] === index && marks.x[i]! >= fromX && marks.x[i]! <= toX) xs.push(marks.x[i]!)
    }
    return cluster(
      xs.sort((a, b) => a - b),
      nearX,
    ).map((group) => ({ kind, ...group }))
  })
}

/** The pixel columns of a view that hold a mark, ascending and each once. */
export function markColumns(marks: Marks, { fromX, toX, widthPx }: VisibleRange): number[] {
  const pxPerX = widthPx / (toX - fromX)
  const columns = new Set<number>()
  for (let i = 0; i < marks.length; i++) {
    const x = marks.x[i]!
    if (x >= fromX && x <= toX) columns.add(Math.floor((x - fromX) * pxPerX))
  }
  return [...columns].sort((a, b) => a - b)
}

/** One line per kind of value: how many are in sight and where, and how many are elsewhere. */
export function summariseMarks(marks: Marks, fromX: number, toX: number): MarkSummary[] {
  return KINDS.flatMap((kind, index) => {
    let [count, outside, first, last] = [0, 0, Infinity, -Infinity]
    const places = new Set<number>()
    for (let i = 0; i < marks.length; i++) {
      if (marks.kind[i] !== index) continue
      const x = marks.x[i]!
      if (x < fromX || x > toX) {
        outside++
        continue
      }
      count++
      if (places.size <= PLACES_NAMED) places.add(x)
      first = Math.min(first, x)
      last = Math.max(last, x)
    }
    return count + outside === 0
      ? []
      : [{ kind, count, outside, fromX: first, toX: last, places: [...places].sort((a, b) => a - b) }]
  })
}

function cluster(xs: readonly number[], nearX: number): Omit<MarkGroup, 'kind'>[] {
  const groups: { count: number; fromX: number; toX: number }[] = []
  for (const x of xs) {
    const last = groups.at(-1)
    if (last !== undefined && x - last.toX < nearX) {
      last.toX = x
      last.count++
    } else {
      groups.push({ count: 1, fromX: x, toX: x })
    }
  }
  return groups
}

function withCapacity(capacity: number): Marks {
  return {
    length: 0,
    x: new Float64Array(capacity),
    ordinal: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
  }
}
