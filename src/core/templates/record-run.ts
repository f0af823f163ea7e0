import { Lines } from '../reading/lines.ts'
import type { ScalarsRecord } from '../records/format.ts'
import type { Template } from './template.ts'

/** A run is no longer, whatever the lines of a read. */
export const MOST_ROWS = 4096
const FIRST_NUMBERS = 1024

type RecordOf = (index: number, template: Template) => ScalarsRecord

/**
 * Records of lines that follow each other, each read by a template and by nothing of the state before it: their numbers, row by
 * row, and no object for any of them. Such a line says nothing beside its record, whose values are finite.
 *
 * One run is filled again and again, for its memory is large.
 */
export class RecordRun {
  /** The lines among which those of the run stand, and the first of them. */
  lines = Lines.of([])
  from = 0
  length = 0
  /** The templates that read a row. */
  readonly templates: Template[] = []
  /** Which of these reads each row, and where its numbers begin. */
  readonly #templateOf = new Uint8Array(MOST_ROWS)
  readonly #starts = new Int32Array(MOST_ROWS)
  #numbers = new Float64Array(FIRST_NUMBERS)
  #end = 0
  #newest = -1
  readonly #times: (string | null)[] = new Array(MOST_ROWS).fill(null)
  #recordOf: RecordOf = NO_RECORD

  /** Begins anew, at one of these lines. */
  begin(lines: Lines, from: number, recordOf: RecordOf): void {
    this.lines = lines
    this.from = from
    this.length = 0
    this.templates.length = 0
    this.#end = 0
    this.#newest = -1
    this.#recordOf = recordOf
  }

  /** Whether a template reads the next row, of which the numbers are taken in then. */
  isReadBy(template: Template, bytes: Uint8Array, start: number, end: number): boolean {
    if (!template.isOfLine || !template.reading.isSilent) return false
    this.#reserve(template.numbers)
    return template.matches(bytes, start, end, this.#numbers, this.#end)
  }

  /** Adds a row that a template reads. */
  add(template: Template, time: string | null): void {
    if (this.templates[this.#newest] !== template) {
      this.#newest = this.templates.indexOf(template)
      if (this.#newest < 0) this.#newest = this.templates.push(template) - 1
    }
    const row = this.length++
    this.#templateOf[row] = this.#newest
    this.#times[row] = time
    this.#starts[row] = this.#end
    this.#end += template.numbers
  }

  /** Adds rows of one template with their numbers, and the times that `timeOf` gives of them. Returns how many: up to the first time that is none. */
  addAll(
    template: Template,
    rows: number,
    numbers: Float64Array,
    timeOf: ((row: number) => string | null) | null,
  ): number {
    const count = rows * template.numbers
    this.#reserve(count)
    this.#numbers.set(numbers.subarray(0, count), this.#end)
    for (let row = 0; row < rows; row++) {
      const time = timeOf === null ? null : timeOf(row)
      if (timeOf !== null && time === null) return row
      this.add(template, time)
    }
    return rows
  }

  templateOf(row: number): Template {
    return this.templates[this.#templateOf[row]!]!
  }

  kindOf(row: number): ScalarsRecord {
    return this.templateOf(row).reading.record
  }

  tellsDecimals(row: number, at: number): boolean {
    return this.templateOf(row).reading.scalars[at]!.tellsDecimals
  }

  fill(column: Float64Array, rows: Int32Array, cell: 'step' | 'epoch' | number): void {
    const [numbers, starts, templateOf] = [this.#numbers, this.#starts, this.#templateOf]
    let template = -1
    let { index, always } = NO_NUMBER
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!
      if (templateOf[row] !== template) {
        template = templateOf[row]!
        ;({ index, always } = this.templates[template]!.numberIn(cell))
      }
      column[at] = index === null ? always : numbers[starts[row]! + index]!
    }
  }

  /** The time of a record; null where its line has none. */
  timeOf(row: number): string | null {
    return this.#times[row]!
  }

  textOf(row: number): string {
    return this.lines.wordsOf(this.from + row)
  }

  offsetOf(row: number): number {
    return this.lines.offsetOf(this.from + row)
  }

  /** One of the numbers that stand in a row. */
  numberIn(row: number, index: number): number {
    return this.#numbers[this.#starts[row]! + index]!
  }

  /** Makes room for so many more numbers. */
  #reserve(count: number): void {
    const end = this.#end + count
    if (end <= this.#numbers.length) return
    const numbers = new Float64Array(2 * end)
    numbers.set(this.#numbers)
    this.#numbers = numbers
  }

  /** A row as the record that it is. */
  recordOf(row: number): ScalarsRecord {
    return this.#recordOf(this.from + row, this.templateOf(row))
  }
}

const NO_NUMBER: ReturnType<Template['numberIn']> = { index: null, always: Number.NaN }

function NO_RECORD(): never {
  throw new Error('the run has not begun')
}
