import { DigitScanner } from './digit-scanner.ts'
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
  const digits = new DigitScanner(window.bytes)
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
        return { ok: true, array: new NumberArray(shape, values.slice(0, valueCount)), end: window.start + at }
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
      if (valueCount === values.length) values = twiceAsLong(values)
      if (digits.read(at, values, valueCount) && (digits.end < window.size || window.isLast)) {
        at = digits.end
      } else {
        const item = window.start + at
        values[valueCount] = itemAt(text, item, numbers)
        if (numbers.end === item) return { ok: false, problem: `character ${item}: no number` }
        at = numbers.end - window.start
      }
      if (rank === 0) rank = counts.length
      if (counts.length !== rank) break
      valueCount++
      counts[rank - 1]!++
      needsItem = false
    }
  }
  return { ok: false, problem: 'numbers and rows are mixed' }
}

/** A number of a rarer kind, such as `NaN` or one of thirty digits, or a truth value. */
function itemAt(text: string, at: number, numbers: JsonNumberReader): number {
  const value = numbers.read(text, at)
  if (numbers.end > at) return value
  if (text.startsWith('true', at)) numbers.end = at + 4
  else if (text.startsWith('false', at)) numbers.end = at + 5
  return numbers.end === at + 4 ? 1 : 0
}

function twiceAsLong(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * values.length)
  longer.set(values)
  return longer
}

function raggedRows(row: number, count: number, length: number): string {
  return `row ${row} has ${count} values where the rows before it have ${length}`
}

const TAB = 0x09
const SPACE = 0x20
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
