import type { LineResult } from '../formats/reader-state.ts'
import type { LogReaderState } from '../formats/source-readers.ts'
import { decimalQuotient } from '../literals/exact-quotient.ts'
import { roundedZeroDecimals } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import type { Head } from '../reading/head.ts'
import type { Line } from '../reading/lines.ts'
import type { Scalar, ScalarsRecord } from '../records/format.ts'
import { type ClockDigits, isOnClock, type MinuteClock } from './minute-clock.ts'
import type { StateLeaf } from './state-leaves.ts'

/** Which numbers may stand at a place of a line, so that it reads as the line did that taught the template. */
export interface NumberSlot {
  readonly isInteger: boolean
  readonly isDecimal: boolean
  readonly hasExponent: boolean
  readonly hasMinus: boolean
  /** Whether a number with a point may be 0. */
  readonly mayBeZero: boolean
  /** Of a whole number. */
  readonly least: number
  readonly most: number
  /** Zeros may stand before a whole number of so many digits; 0 for none. */
  readonly paddedDigits: number
  /** Whether all whole numbers have so many digits. */
  readonly isOfWidth: boolean
  /** How many digits another number has before its point. */
  readonly leastDigits: number
  readonly mostDigits: number
  /** What such a number is less than, whatever its exponent. */
  readonly below: number
}

/** What a part of a line must be. */
export type LinePart =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'number'; readonly slot: NumberSlot }
  | { readonly kind: 'blanks' }
  | { readonly kind: 'bar' }
  /** The same but for its digits, which are those of a clock. */
  | { readonly kind: 'clock'; readonly like: string; readonly digits: readonly ClockDigits[] }

/** Where a value is taken from: a part of the line, or a leaf of the state before it; null where it is always the same. */
export type ValueSource = { readonly of: 'part' | 'leaf'; readonly index: number } | null

/** The part with a time, and whether that is a number of seconds since 1970; null where there is none. */
type TimeSource = { readonly part: number; readonly isNumber: boolean } | null

/** A scalar of the record, and the part of the line that has its value; null where that is always the same. */
interface ScalarPlace {
  readonly scalar: Scalar
  readonly part: number | null
  /** Whether a 0 tells to how many decimals it was rounded. */
  readonly tellsDecimals: boolean
}

/** What becomes of a line. A number says which part of the line it is; null stands for what is always the same. */
export interface Reading {
  readonly record: ScalarsRecord
  /** Whether such a line says nothing beside its record. */
  readonly isSilent: boolean
  readonly scalars: readonly ScalarPlace[]
  readonly step: ValueSource
  readonly epoch: ValueSource
  readonly time: TimeSource
  /** What stands before the line, how many parts that is, and which of them has its time. */
  readonly head: { readonly head: Head; readonly parts: number; readonly time: TimeSource } | null
}

/** In which state of its reader a line reads so, and what it changes there. */
export interface StateChange {
  /** A state that is built the same. */
  readonly model: LogReaderState
  /** The leaves that matter, and what they must be. */
  readonly needs: readonly (readonly [leaf: number, value: StateLeaf])[]
  /** The leaves that are something else then: the number of a part, or a value. */
  readonly writes: readonly { readonly leaf: number; readonly part: number | null; readonly value: StateLeaf }[]
}

/** A line of more parts is left to the reader. */
export const MAX_PARTS = 512
/** Below it a double holds one digit more, whatever that is. */
const MOST_HEAD = 1e14
const MOST_TAIL_DIGITS = 9
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/**
 * How the lines of one shape are read in one state of their reader: what they have in common, and what their numbers are.
 *
 * It was learned from what the reader makes of such a line, and gives the same.
 */
export class Template {
  readonly parts: readonly LinePart[]
  readonly reading: Reading
  readonly change: StateChange
  /** Whether a line of this template leaves a state in which another one may follow. */
  readonly isRepeatable: boolean
  /** Whether it has read a line. */
  isUsed = false
  /** What the record has beside its position and its scalars; null for nothing. */
  readonly #extras: Partial<ScalarsRecord> | null
  readonly #values: Float64Array
  readonly #starts: Int32Array

  constructor(parts: readonly LinePart[], reading: Reading, change: StateChange) {
    this.parts = parts
    this.reading = reading
    this.change = change
    this.isRepeatable = change.needs.every(([leaf, needed]) =>
      change.writes.every((write) => write.leaf !== leaf || (write.part === null && Object.is(write.value, needed))),
    )
    const {
      kind: _,
      offset: _offset,
      step: _step,
      epoch: _epoch,
      time: _time,
      scalars: _scalars,
      ...extras
    } = reading.record
    this.#extras = Object.keys(extras).length === 0 ? null : extras
    this.#values = new Float64Array(parts.length)
    this.#starts = new Int32Array(parts.length + 1)
  }

  /** Whether a line has this shape. What it holds is kept until another line is looked at. */
  matches(line: string): boolean {
    const { parts } = this
    let at = 0
    for (let index = 0; index < parts.length && at >= 0; index++) {
      this.#starts[index] = at
      at = this.#partEnd(line, at, parts[index]!, index)
    }
    if (at !== line.length) return false
    this.#starts[parts.length] = at
    return true
  }

  /** What a line that matches is read as, with the leaves of the state before it; null where the reader has to say. */
  read({ offset, text, bytes }: Line, leaves: readonly StateLeaf[], clock: MinuteClock): LineResult | null {
    const { record, scalars, step, epoch, time, head } = this.reading
    const written = time === null ? record.time : this.#timeIn(text, time, clock)
    if (written === null && time !== null) return null
    const own: ScalarsRecord = {
      kind: 'scalars',
      offset,
      step: this.#from(step, record.step, leaves),
      epoch: this.#from(epoch, record.epoch, leaves),
      time: written,
      scalars: scalars.map((place) => this.#scalarIn(text, place)),
    }
    const records = [this.#extras === null ? own : { ...own, ...this.#extras }]
    const result = { kind: 'records', records } as const
    if (head === null) return { line: { offset, text, bytes }, result }
    const end = this.#starts[head.parts]!
    const before = { ...head.head, text: text.slice(0, end) }
    const dated = head.time === null ? before : { ...before, time: this.#headTimeIn(text, head.time) }
    return { line: { offset, text: text.slice(end), bytes, head: dated }, result }
  }

  /** What a part of the line that was matched last is worth. */
  valueOf(part: number): number {
    return this.#values[part]!
  }

  #from(source: ValueSource, always: number | null, leaves: readonly StateLeaf[]): number | null {
    if (source === null) return always
    return source.of === 'part' ? this.#values[source.index]! : (leaves[source.index] as number | null)
  }

  #scalarIn(text: string, { scalar, part, tellsDecimals }: ScalarPlace): Scalar {
    if (part === null) return scalar
    const value = this.#values[part]! as Scalar['value']
    const { metric, role } = scalar
    const zeroDecimals = tellsDecimals && value === 0 ? roundedZeroDecimals(this.#textOf(text, part)) : undefined
    return zeroDecimals === undefined
      ? { metric, role, value, raw: null }
      : { metric, role, value, raw: null, zeroDecimals }
  }

  #timeIn(text: string, { part, isNumber }: NonNullable<TimeSource>, clock: MinuteClock): string | null {
    return isNumber ? isoTime(this.#values[part]!) : clock.isoOf(this.#textOf(text, part))
  }

  /** The time of a head as the line has it, or of a number its ISO form. */
  #headTimeIn(text: string, { part, isNumber }: NonNullable<TimeSource>): string {
    return isNumber ? isoTime(this.#values[part]!)! : this.#textOf(text, part)
  }

  #textOf(text: string, part: number): string {
    return text.slice(this.#starts[part]!, this.#starts[part + 1]!)
  }

  #partEnd(line: string, at: number, part: LinePart, index: number): number {
    switch (part.kind) {
      case 'words':
        return wordsEnd(line, at, part.words)
      case 'number':
        return this.#numberEnd(line, at, part.slot, index)
      case 'blanks':
        return blanksEnd(line, at)
      case 'bar':
        return barEnd(line, at)
      case 'clock':
        return clockEnd(line, at, part)
    }
  }

  /** The end of the number that begins here and may stand here, whose value is kept; −1 where none does. */
  #numberEnd(line: string, start: number, slot: NumberSlot, index: number): number {
    let at = start
    const isNegative = line.charCodeAt(at) === MINUS
    if (isNegative) {
      if (!slot.hasMinus) return -1
      at++
    }
    const first = at
    // Its first fifteen digits, and the others.
    let head = 0
    let tail = 0
    let tailDigits = 0
    let point = -1
    for (; ; at++) {
      const code = line.charCodeAt(at)
      if (code === DOT && point < 0) point = at
      else if (!(code >= ZERO && code <= ZERO + 9)) break
      else if (head < MOST_HEAD) head = head * 10 + (code - ZERO)
      else {
        tail = tail * 10 + (code - ZERO)
        tailDigits++
      }
    }
    const isDecimal = point >= 0
    const whole = (isDecimal ? point : at) - first
    const decimals = isDecimal ? at - point - 1 : 0
    if (whole === 0 || (isDecimal && decimals === 0)) return -1
    let exponent = 0
    const hasExponent = (line.charCodeAt(at) | LOWER) === LETTER_E
    if (hasExponent) {
      const sign = line.charCodeAt(++at)
      if (sign === MINUS || sign === PLUS) at++
      const power = at
      for (let digit = digitAt(line, at); digit >= 0; digit = digitAt(line, ++at)) exponent = exponent * 10 + digit
      if (at === power) return -1
      if (sign === MINUS) exponent = -exponent
    }
    const hasZero = whole > 1 && line.charCodeAt(first) === ZERO
    let value = head
    if (!isDecimal && !hasExponent) {
      const isFit = slot.isInteger && tailDigits === 0 && head >= slot.least && head <= slot.most
      if (!isFit || ((hasZero || slot.isOfWidth) && whole !== slot.paddedDigits)) return -1
    } else {
      if (hasExponent ? !slot.hasExponent : !slot.isDecimal) return -1
      if (whole < slot.leastDigits || whole > slot.mostDigits || hasZero) return -1
      const places = decimals - exponent
      if (tailDigits === 0 && places >= 0 && places < POWERS.length) value = head / POWERS[places]!
      else value = tailDigits <= MOST_TAIL_DIGITS ? decimalQuotient(head, tailDigits, tail, places) : Number.NaN
      // It says so where it is too close to call.
      if (Number.isNaN(value)) value = Number(line.slice(first, at))
      if (!(value < slot.below)) return -1
    }
    if (value === 0 && (isNegative || hasExponent || (isDecimal && !slot.mayBeZero))) return -1
    this.#values[index] = isNegative ? -value : value
    return at
  }
}

/** −1 for no digit. */
function digitAt(line: string, at: number): number {
  const digit = line.charCodeAt(at) - ZERO
  return digit >= 0 && digit <= 9 ? digit : -1
}

function wordsEnd(line: string, at: number, words: string): number {
  for (let index = 0; index < words.length; index++)
    if (line.charCodeAt(at + index) !== words.charCodeAt(index)) return -1
  return at + words.length
}

/** Two blanks or more part names: so many are the same. */
function blanksEnd(line: string, start: number): number {
  let at = start
  while (line.charCodeAt(at) === BLANK) at++
  return at - start < 2 ? -1 : at
}

function barEnd(line: string, start: number): number {
  let at = start
  while (isOfBar(line.charCodeAt(at))) at++
  return at === start ? -1 : at
}

function isOfBar(code: number): boolean {
  return code === BLANK || code === HASH || (code >= 0x2580 && code <= 0x259f) || (code >= ZERO && code <= ZERO + 9)
}

function clockEnd(line: string, start: number, { like, digits }: Extract<LinePart, { kind: 'clock' }>): number {
  for (let index = 0; index < like.length; index++) {
    const isSame = line.charCodeAt(start + index) === like.charCodeAt(index)
    if (!isSame && (digitAt(like, index) < 0 || digitAt(line, start + index) < 0)) return -1
  }
  return isOnClock(line, start, digits) ? start + like.length : -1
}

const BLANK = 0x20
const HASH = 0x23
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const LETTER_E = 0x65
const LOWER = 0x20
