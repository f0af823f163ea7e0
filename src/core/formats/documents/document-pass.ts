import { crc32 } from '../../binary/crc32.ts'
import { isObject, type RecordValue } from '../../literals/record-value.ts'
import type { Line, Lines } from '../../reading/lines.ts'
import type { ParseResult } from '../../records/format.ts'
import { SKIP } from '../../records/format.ts'
import { metricsOf } from '../../records/object-metrics.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import type { DocumentState, Pass } from './document-state.ts'
import { rowResult, stepOf } from './row-records.ts'
import type { StreamedList } from './streamed-list.ts'
import { pointText, type TrackMemory } from './track.ts'

/** The elements that one read brought, and the bytes in which they stand, behind the element before them. */
export interface ElementPiece {
  readonly list: StreamedList
  readonly isAnew: boolean
  readonly elements: Lines
  readonly bytes: Uint8Array
}

const BEGUN: Pass = { count: 0, crc: 0, first: '', isCounted: null }
const NONE_TOLD: TrackMemory = { count: 0, first: '', last: '', crc: 0 }

/**
 * One read of a version of a document: its elements, behind those that an earlier version had.
 *
 * Those are passed over, and known again by the CRC-32 of their bytes, and by the first and the last of them. A version
 * that holds others, or fewer, is that of another attempt and is told from its first element.
 */
export class DocumentPass {
  /** The first element that was not told before; null where those that were told are others. */
  readonly firstNew: number | null
  readonly #piece: ElementPiece
  readonly #before: DocumentState
  readonly #memory: TrackMemory
  readonly #pass: Pass

  constructor(before: DocumentState, piece: ElementPiece) {
    const { list, isAnew, elements, bytes } = piece
    this.#piece = piece
    this.#before = before
    this.#memory = before.tracks[list.track] ?? NONE_TOLD
    const begun = isAnew ? BEGUN : (before.pass ?? BEGUN)
    const { count } = begun
    const known = Math.min(Math.max(0, this.#memory.count - count), elements.length)
    const crc = known === 0 ? begun.crc : crc32(bytes, 0, elements.endOf(known - 1), begun.crc)
    const isCounted = begun.isCounted ?? countedIn(elements)
    const first = count === 0 && elements.length > 0 ? this.#textOf(0, { count, isCounted }) : begun.first
    this.#pass = { count, crc, first, isCounted }
    const isAtEnd = known > 0 && count + known === this.#memory.count
    const isOther = known > 0 && first !== this.#memory.first
    this.firstNew = isOther || (isAtEnd && !this.#isKnown(known - 1)) ? null : known
  }

  /** Whether each element counts its steps. */
  get areCounted(): boolean {
    return this.#pass.isCounted !== false
  }

  /** What an element gives. */
  resultAt(index: number): ParseResult {
    return this.#resultAt(index, this.#pass)
  }

  /** Whether the list had more elements before than it has now, at its end. */
  get isShorter(): boolean {
    return this.#pass.count + this.#piece.elements.length < this.#memory.count
  }

  /** The state behind its elements, all of which were told. */
  get after(): DocumentState {
    const { list, elements, bytes } = this.#piece
    const { firstNew } = this
    const { count, first } = this.#pass
    const next = count + elements.length
    const isNew = firstNew !== null && firstNew < elements.length
    const from = firstNew === null || firstNew === 0 ? 0 : elements.endOf(firstNew - 1)
    const crc = isNew ? crc32(bytes, from, elements.endOf(elements.length - 1), this.#pass.crc) : this.#pass.crc
    const last = isNew ? this.#textOf(elements.length - 1, this.#pass) : this.#memory.last
    const told: TrackMemory = isNew ? { count: next, first, last, crc } : this.#memory
    return {
      kind: list.kind,
      tracks: { [list.track]: next === told.count ? { ...told, crc } : told },
      pass: { ...this.#pass, count: next, crc },
    }
  }

  /** The state in which nothing of the document was told. */
  get forgotten(): DocumentState {
    return { kind: this.#before.kind, tracks: {} }
  }

  /** Whether the elements up to this one, the last of those that were told, are what they were. */
  #isKnown(last: number): boolean {
    const { crc = this.#pass.crc, last: told } = this.#memory
    return crc === this.#pass.crc && told === this.#textOf(last, this.#pass)
  }

  #textOf(index: number, pass: Pick<Pass, 'count' | 'isCounted'>): string {
    return pointText(this.#resultAt(index, pass))
  }

  #resultAt(index: number, { count, isCounted }: Pick<Pass, 'count' | 'isCounted'>): ParseResult {
    return elementResult(this.#piece.elements.at(index), isCounted === false ? count + index : null)
  }
}

/** Reads one element; `position` is the step of one that names none. */
export function elementResult({ offset, text }: Pick<Line, 'offset' | 'text'>, position: number | null): ParseResult {
  const parsing = parsePythonJson(text, Number.POSITIVE_INFINITY)
  if (!parsing.ok) return { kind: 'reject', reason: parsing.reason, detail: parsing.detail }
  return isObject(parsing.value) ? rowResult(parsing.value, { offset, position, prefix: '', extras: () => [] }) : SKIP
}

function countedIn(elements: Lines): boolean | null {
  for (const { text } of elements) {
    const parsing = parsePythonJson(text, Number.POSITIVE_INFINITY)
    const row: RecordValue = parsing.ok ? parsing.value : null
    if (isObject(row)) return stepOf(metricsOf(row)) !== null
  }
  return null
}
