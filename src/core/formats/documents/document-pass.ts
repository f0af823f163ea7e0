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
import { type Proof, pointText, type TrackMemory } from './track.ts'

/** The elements that one read brought, and their checksums. */
export interface ElementPiece {
  readonly list: StreamedList
  readonly isAnew: boolean
  readonly elements: Lines
  readonly checksums: Uint32Array
}

const NO_PROOF: Proof = { crc: 0, marks: [] }
const BEGUN: Pass = { count: 0, proof: NO_PROOF, first: '', isCounted: null }
const NONE_TOLD: TrackMemory = { count: 0, first: '', last: '', proof: NO_PROOF }

/**
 * One read of a version of a document: its elements, behind those that an earlier version had.
 *
 * Those are passed over, and known again by their checksums, and by the first and the last of them. A version that holds
 * others, or fewer, is that of another attempt and is told from its first element.
 */
export class DocumentPass {
  /** The first element that was not told before; null where those that were told are others. */
  readonly firstNew: number | null
  readonly #piece: ElementPiece
  readonly #before: DocumentState
  readonly #memory: TrackMemory
  readonly #pass: Pass

  constructor(before: DocumentState, piece: ElementPiece) {
    const { list, isAnew, elements, checksums } = piece
    this.#piece = piece
    this.#before = before
    this.#memory = before.tracks[list.track] ?? NONE_TOLD
    const begun = isAnew ? BEGUN : (before.pass ?? BEGUN)
    const { count } = begun
    const known = Math.min(Math.max(0, this.#memory.count - count), elements.length)
    const proof = proofAlong(begun, checksums.subarray(0, known))
    const isCounted = begun.isCounted ?? countedIn(elements)
    const first = count === 0 && elements.length > 0 ? this.#textOf(0, { count, isCounted }) : begun.first
    this.#pass = { count, proof, first, isCounted }
    this.firstNew = known > 0 && !this.#areKnown(known) ? null : known
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
    const { list, elements, checksums } = this.#piece
    const { count, proof: before, first } = this.#pass
    const known = this.firstNew ?? 0
    const next = count + elements.length
    const isNew = known < elements.length
    const proof = proofAlong({ count: count + known, proof: before }, checksums.subarray(known))
    const last = isNew ? this.#textOf(elements.length - 1, this.#pass) : this.#memory.last
    const told = isNew ? { count: next, first, last } : this.#memory
    return {
      kind: list.kind,
      tracks: { [list.track]: next === told.count ? { ...told, proof } : told },
      pass: { ...this.#pass, count: next, proof },
    }
  }

  /** The state in which nothing of the document was told. */
  get forgotten(): DocumentState {
    return { kind: this.#before.kind, tracks: {} }
  }

  /** Whether the elements up to here, so many of them in this read, are what they were, as far as that was noted. */
  #areKnown(known: number): boolean {
    const { count, first, last, proof } = this.#memory
    const { proof: now, first: firstNow, count: before } = this.#pass
    if (first !== firstNow || proof?.marks.some((mark, at) => (now.marks[at] ?? mark) !== mark) === true) return false
    if (before + known < count) return true
    return (proof === undefined || proof.crc === now.crc) && last === this.#textOf(known - 1, this.#pass)
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

/** What elements are with some more of these checksums. */
function proofAlong({ count, proof }: Pick<Pass, 'count' | 'proof'>, checksums: Uint32Array): Proof {
  const bytes = new Uint8Array(checksums.buffer, checksums.byteOffset, checksums.byteLength)
  const marks = [...proof.marks]
  let { crc } = proof
  for (let index = 0; index < checksums.length; ) {
    const mark = 2 ** marks.length
    const end = Math.min(checksums.length, mark - count)
    crc = crc32(bytes, 4 * index, 4 * end, crc)
    if (count + end === mark) marks.push(crc)
    index = end
  }
  return { crc, marks }
}

function countedIn(elements: Lines): boolean | null {
  for (const { text } of elements) {
    const parsing = parsePythonJson(text, Number.POSITIVE_INFINITY)
    const row: RecordValue = parsing.ok ? parsing.value : null
    if (isObject(row)) return stepOf(metricsOf(row)) !== null
  }
  return null
}
