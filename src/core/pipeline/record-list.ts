import { isFinite } from '../../protocol/value.ts'
import type { LogRecord, ScalarsRecord } from '../records/format.ts'
import { MOST_KINDS, type RowCell, type RowSource } from './calm-rows.ts'

/** Records that wait to be judged together. None of them stands in a line. */
export class RecordList implements RowSource {
  readonly #records: ScalarsRecord[] = []
  /** Of each record the first one of its kind. */
  readonly #kinds: ScalarsRecord[] = []
  /** The kinds that were met, by the name of their first metric. */
  readonly #known = new Map<string, ScalarsRecord[]>()

  /** How many kinds of records were met. */
  kinds = 0

  get length(): number {
    return this.#records.length
  }

  /**
   * Adds records that say nothing but their counters, their time and finite values. Returns whether these are such: else none is
   * added, nor where there are more kinds of records than are judged together.
   */
  add(records: readonly LogRecord[]): boolean {
    if (this.kinds > MOST_KINDS || !records.every(isPlain)) return false
    for (const record of records) {
      this.#kinds.push(this.#kindFor(record))
      this.#records.push(record)
    }
    return true
  }

  clear(): void {
    this.#records.length = 0
    this.#kinds.length = 0
  }

  kindOf(row: number): ScalarsRecord {
    return this.#kinds[row]!
  }

  tellsDecimals(): boolean {
    return false
  }

  fill(column: Float64Array, rows: Int32Array, cell: RowCell): void {
    for (let at = 0; at < rows.length; at++) {
      const record = this.#records[rows[at]!]!
      column[at] = Number(cell === 'step' || cell === 'epoch' ? record[cell] : record.scalars[cell]!.value)
    }
  }

  recordOf(row: number): ScalarsRecord {
    return this.#records[row]!
  }

  timeOf(row: number): string | null {
    return this.#records[row]!.time
  }

  offsetOf(row: number): number {
    return this.#records[row]!.offset
  }

  textOf(): string {
    return ''
  }

  #kindFor(record: ScalarsRecord): ScalarsRecord {
    const [{ metric: name } = { metric: '' }] = record.scalars
    const named = this.#known.get(name) ?? []
    const known = named.find((kind) => isAlike(kind, record))
    if (known !== undefined || this.kinds > MOST_KINDS) return known ?? record
    this.#known.set(name, [...named, record])
    this.kinds++
    return record
  }
}

function isPlain(record: LogRecord): record is ScalarsRecord {
  return (
    record.kind === 'scalars' &&
    record.scalars.length > 0 &&
    record.scalars.every(({ value, zeroDecimals }) => isFinite(value) && zeroDecimals === undefined)
  )
}

function isAlike(one: ScalarsRecord, other: ScalarsRecord): boolean {
  if ((one.step === null) !== (other.step === null) || (one.epoch === null) !== (other.epoch === null)) return false
  return (
    one.scalars.length === other.scalars.length &&
    Object.keys(one).length === Object.keys(other).length &&
    one.scalars.every(
      ({ metric, role }, at) => metric === other.scalars[at]!.metric && role === other.scalars[at]!.role,
    )
  )
}
