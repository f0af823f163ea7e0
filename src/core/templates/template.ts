import type { LineResult } from '../formats/reader-state.ts'
import type { LogReaderState } from '../formats/source-readers.ts'
import { roundedZeroDecimals } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import type { Head } from '../reading/head.ts'
import type { Line } from '../reading/lines.ts'
import type { Scalar, ScalarsRecord } from '../records/format.ts'
import { LineMatcher, type LinePart, textOf } from './line-matcher.ts'
import { LineShape } from './line-shape.ts'
import type { MinuteClock } from './minute-clock.ts'
import type { StateLeaf } from './state-leaves.ts'

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
  /** Whether such a line may count epochs. */
  readonly countsEpochs: boolean
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

/**
 * How the lines of one shape are read in one state of their reader: what they have in common, and what their numbers are.
 *
 * It was learned from what the reader makes of such a line, and gives the same.
 */
export class Template {
  readonly reading: Reading
  readonly change: StateChange
  /** Whether a line of this template leaves a state in which another one may follow. */
  readonly isRepeatable: boolean
  /** Whether all of a record stands in its line: nothing in it depends on the state. */
  readonly isOfLine: boolean
  /** How many numbers stand in a line. */
  readonly numbers: number
  /** Whether it has read a line. */
  isUsed = false
  /** The lines that all templates of a file had read when this one read its last. */
  lastUse = 0
  /** The one that read the line behind the last of this one. */
  follower: Template = this
  /** The shape of its lines, where those that follow each other may be matched at once, and nothing but their numbers matters. */
  readonly shape: LineShape | null
  readonly #matcher: LineMatcher
  /** Of the line that was matched last: its numbers, and from where on they stand. */
  #values: Float64Array
  #first = 0
  readonly #own: Float64Array
  #bytes: Uint8Array = NO_BYTES
  /** What the record has beside its position and its scalars; null for nothing. */
  readonly #extras: Partial<ScalarsRecord> | null

  constructor(parts: readonly LinePart[], reading: Reading, change: StateChange) {
    this.reading = reading
    this.change = change
    this.isRepeatable = change.needs.every(([leaf, needed]) =>
      change.writes.every((write) => write.leaf !== leaf || (write.part === null && Object.is(write.value, needed))),
    )
    this.isOfLine = reading.step?.of !== 'leaf' && reading.epoch?.of !== 'leaf'
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
    this.#matcher = new LineMatcher(parts)
    this.numbers = this.#matcher.numbers
    const { time, isSilent } = reading
    this.shape = this.isOfLine && this.isRepeatable && isSilent ? LineShape.of(parts, time?.part ?? null) : null
    this.#own = new Float64Array(this.numbers)
    this.#values = this.#own
  }

  get parts(): readonly LinePart[] {
    return this.#matcher.parts
  }

  /**
   * Whether the bytes of a line have this shape. What it holds is kept until another line is looked at; its numbers are
   * written to `values` from `first` on, where these are given.
   */
  matches(bytes: Uint8Array, start: number, end: number, values = this.#own, first = 0): boolean {
    this.#values = values
    this.#first = first
    this.#bytes = bytes
    return this.#matcher.matches(bytes, start, end, values, first)
  }

  /** Lets go of the line that was matched last, and of the piece of the log in which it stands. */
  letGo(): void {
    this.#bytes = NO_BYTES
    this.#values = this.#own
  }

  /** The record of the line that matches, with the leaves of the state before it; null where the reader has to say. */
  record(offset: number, leaves: readonly StateLeaf[], clock: MinuteClock): ScalarsRecord | null {
    const { record, scalars, step, epoch, time } = this.reading
    const written = time === null ? record.time : this.timeIn(time, clock)
    if (written === null && time !== null) return null
    const own: ScalarsRecord = {
      kind: 'scalars',
      offset,
      step: this.#from(step, record.step, leaves),
      epoch: this.#from(epoch, record.epoch, leaves),
      time: written,
      scalars: scalars.map((place) => this.#scalarIn(place)),
    }
    return this.#extras === null ? own : { ...own, ...this.#extras }
  }

  /** What the line that matches is read as, with its record. */
  result({ offset, text, bytes }: Line, record: ScalarsRecord): LineResult {
    const result = { kind: 'records', records: [record] } as const
    const { head } = this.reading
    if (head === null) return { line: { offset, text, bytes }, result }
    const all = Buffer.from(text)
    const endBytes = this.#matcher.startOf(head.parts) - this.#matcher.startOf(0)
    const before = { ...head.head, text: all.toString('utf8', 0, endBytes) }
    const dated = head.time === null ? before : { ...before, time: this.#headTimeIn(head.time) }
    return { line: { offset, text: all.toString('utf8', endBytes), bytes, head: dated }, result }
  }

  /** What a part of the line that was matched last is worth. */
  valueOf(part: number): number {
    return this.#values[this.#first + this.#matcher.numberOf(part)]!
  }

  /** Which of the numbers of a line is the step, the epoch, or the value of a metric; null where it is always the same. */
  numberIn(cell: 'step' | 'epoch' | number): { readonly index: number | null; readonly always: number } {
    const { record, scalars } = this.reading
    const isCounter = cell === 'step' || cell === 'epoch'
    const part = isCounter ? (this.reading[cell]?.index ?? null) : scalars[cell]!.part
    const always = Number(isCounter ? record[cell] : scalars[cell]!.scalar.value)
    return { index: part === null ? null : this.numberOf(part), always }
  }

  /** Which of the numbers of a line a part is. */
  numberOf(part: number): number {
    return this.#matcher.numberOf(part)
  }

  #from(source: ValueSource, always: number | null, leaves: readonly StateLeaf[]): number | null {
    if (source === null) return always
    return source.of === 'part' ? this.valueOf(source.index) : (leaves[source.index] as number | null)
  }

  #scalarIn({ scalar, part, tellsDecimals }: ScalarPlace): Scalar {
    if (part === null) return scalar
    const value = this.valueOf(part) as Scalar['value']
    const { metric, role } = scalar
    const zeroDecimals = tellsDecimals && value === 0 ? roundedZeroDecimals(this.#textOf(part)) : undefined
    return zeroDecimals === undefined
      ? { metric, role, value, raw: null }
      : { metric, role, value, raw: null, zeroDecimals }
  }

  /** The time in the line that was matched last, in ISO form; null where it is none. */
  timeIn({ part, isNumber }: NonNullable<TimeSource>, clock: MinuteClock): string | null {
    return isNumber ? isoTime(this.valueOf(part)) : clock.isoOf(this.#textOf(part))
  }

  /** The time of a line whose numbers begin at `first`, and whose time, where that is no number, begins at `at` of its bytes. */
  timeAt(bytes: Buffer, at: number, numbers: Float64Array, first: number, clock: MinuteClock): string | null {
    const { part, isNumber } = this.reading.time!
    if (isNumber) return isoTime(numbers[first + this.numberOf(part)]!)
    return clock.isoOf(textOf(bytes, at, at + this.#matcher.lengthOf(part)))
  }

  /** The time of a head as the line has it, or of a number its ISO form. */
  #headTimeIn({ part, isNumber }: NonNullable<TimeSource>): string {
    return isNumber ? isoTime(this.valueOf(part))! : this.#textOf(part)
  }

  #textOf(part: number): string {
    return textOf(this.#bytes, this.#matcher.startOf(part), this.#matcher.startOf(part + 1))
  }
}

const NO_BYTES = new Uint8Array(0)
