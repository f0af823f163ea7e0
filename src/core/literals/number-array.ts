import { kernels } from '../kernels/kernels.ts'
import type { JsonNumberReader } from './json-number.ts'
import { NumberArray } from './record-value.ts'
import { TextWindow } from './text-window.ts'

/** An array that was read, or what keeps it from being one of numbers in equal rows. */
export type ArrayScan =
  | { readonly ok: true; readonly array: NumberArray; readonly end: number }
  | { readonly ok: false; readonly problem: string }

/** More levels than any tensor of predictions has. */
const MAX_RANK = 8

/**
 * Reads the array of numbers, or of arrays of numbers, whose `[` is at `start`.
 *
 * All rows must have the same length. Numbers go into one growing Float64Array;
 * `true` and `false` count as 1 and 0. When it is no such array the text may
 * still be good JSON: that is not judged here.
 */
export function scanNumberArray(text: string, start: number, numbers: JsonNumberReader): ArrayScan {
  const window = new TextWindow(text)
  const { bytes } = window
  let values = new Float64Array(256)
  let valueCount = 0
  /** Per level: the items so far of the array that is open, and the length that closed ones had. */
  const counts: number[] = []
  const shape: number[] = []
  let rank = 0
  let needsItem = true

  window.moveTo(start)
  for (let at = 0; ; ) {
    if (at >= window.safeSize) {
      if (window.start + at >= text.length) break
      window.moveTo(window.start + at)
      at = 0
    }
    const code = bytes[at]!
    if (code === SPACE || code === TAB) {
      at++
    } else if (code === COMMA) {
      if (needsItem) break
      needsItem = true
      at++
    } else if (code === CLOSE) {
      const count = counts.pop()!
      const level = counts.length
      if (needsItem && count > 0) break
      const length = shape[level] ?? count
      shape[level] = length
      if (length !== count) return { ok: false, problem: raggedRows(counts.at(-1) ?? 0, count, length) }
      at++
      if (level === 0) {
        return { ok: true, array: new NumberArray(shape, fitting(values, valueCount)), end: window.start + at }
      }
      counts[level - 1]!++
      needsItem = false
    } else if (!needsItem) {
      break
    } else if (code === OPEN) {
      if (counts.length === (rank === 0 ? MAX_RANK : rank)) break
      counts.push(0)
      at++
    } else {
      const found = kernels.call.readNumbers(at, window.safeSize, window.isLast ? window.size : window.size - 1)
      const count = Math.max(1, found)
      if (valueCount + count > values.length) {
        const share = (window.start + at - start) / (text.length - start)
        values = longer(values, valueCount + count, valueCount / share)
      }
      if (found > 0) {
        copy(kernels.numbers, found, values, valueCount)
        at = kernels.results[0]!
      } else {
        const item = window.start + at
        values[valueCount] = itemAt(text, item, numbers)
        if (numbers.end === item) return { ok: false, problem: `character ${item}: no number` }
        at = numbers.end - window.start
      }
      if (rank === 0) rank = counts.length
      if (counts.length !== rank) break
      valueCount += count
      counts[rank - 1]! += count
      needsItem = false
    }
  }
  return { ok: false, problem: 'numbers and rows are mixed' }
}

/** The values alone; where they fill most of their memory, it is kept. */
function fitting(values: Float64Array<ArrayBuffer>, count: number): Float64Array<ArrayBuffer> {
  return count > 0.75 * values.length ? values.subarray(0, count) : values.slice(0, count)
}

/** A number of a rarer kind, such as `NaN` or one of thirty digits, or a truth value. */
function itemAt(text: string, at: number, numbers: JsonNumberReader): number {
  const value = numbers.read(text, at)
  if (numbers.end > at) return value
  if (text.startsWith('true', at)) numbers.end = at + 4
  else if (text.startsWith('false', at)) numbers.end = at + 5
  return numbers.end === at + 4 ? 1 : 0
}

/** The values with room for `least` of them, and for those that there will be, if the rest of the text is like this. */
function longer(values: Float64Array<ArrayBuffer>, least: number, likely: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.ceil(Math.max(2 * values.length, least, 1.02 * likely)))
  longer.set(values)
  return longer
}

/** A loop copies a few numbers faster than a view of them is made. */
function copy(from: Float64Array, count: number, to: Float64Array, at: number): void {
  if (count > 32) to.set(from.subarray(0, count), at)
  else for (let i = 0; i < count; i++) to[at + i] = from[i]!
}

function raggedRows(row: number, count: number, length: number): string {
  return `row ${row} has ${count} values where the rows before it have ${length}`
}

const TAB = 0x09
const SPACE = 0x20
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
