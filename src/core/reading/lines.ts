import { kernels } from '../kernels/kernels.ts'
import { TEXT_BYTES } from '../kernels/layout.ts'
import { decode, type Encoding, isAscii, unitBytes } from './encoding.ts'
import type { Head } from './head.ts'
import { isPlain, plainText } from './plain-text.ts'

/** A longer line of text is counted and skipped. */
export const TEXT_LINE_BYTES = 256 * 1024

/** A complete line of a text file: where its first byte is, and what it says, without its terminator. */
export interface Line {
  readonly offset: number
  /** What a terminal would show, without the sequences that colour it. */
  readonly text: string
  /** Its length in the file, without the terminator. */
  readonly bytes: number
  /** What others have put before it; not there where nothing was taken off. */
  readonly head?: Head
}

/** The line with what stands before it. */
export function wholeText({ head, text }: Pick<Line, 'head' | 'text'>): string {
  return head === undefined ? text : head.text + text
}

/** A line above the cap: where it began, the cap, and how it began. */
export interface LongLine {
  readonly offset: number
  readonly capBytes: number
  readonly excerpt: string
}

export interface Split {
  readonly lines: Lines
  /** Offset of the first byte not yet part of a complete line: where the next read starts. */
  readonly next: number
}

const NUL = 0x00
const BACKSPACE = 0x08
const LF = 0x0a
const CR = 0x0d

/**
 * Splits the complete lines out of `bytes`, which begin at file offset `base`.
 *
 * A trailing partial line is left unread rather than buffered, so the cursor is
 * the only state and a restart cannot lose or repeat half a line. Splitting on
 * bytes also keeps a multi-byte character whole across reads. CR and backspace
 * end a line too: progress bars redraw with them. So does NUL, of which a file
 * is full up to where a writer goes on that did not notice its truncation.
 * Blank lines carry no data and are dropped, which makes CRLF need no special
 * case. With `final` the writer has left, and what remains without a terminator
 * is a line as well.
 */
export function splitLines(bytes: Uint8Array, base: number, final = false, encoding: Encoding = 'utf-8'): Split {
  const unit = unitBytes(encoding)
  const ends = unit === 1 ? endsOfBytes(bytes) : endsOfUnits(bytes, encoding)
  const whole = bytes.length - (bytes.length % unit)
  const last = ends.length === 0 ? 0 : ends[ends.length - 1]! + unit
  const spans = new Int32Array(2 * (ends.length + 1))
  let count = 0
  let start = 0
  for (let index = 0; index < ends.length; index++) {
    const end = ends[index]!
    if (end > start) {
      spans[count++] = start
      spans[count++] = end
    }
    start = end + unit
  }
  if (final && last < whole) {
    spans[count++] = last
    spans[count++] = whole
  }
  const lines = new Lines(new Piece(bytes, encoding, base), spans.subarray(0, count))
  return { lines, next: base + (final ? bytes.length : last) }
}

/** The elements of a list in a piece of a document that begins at file offset `base`: `spans` says where each begins and ends in the piece. */
export function elementsAt(bytes: Uint8Array, base: number, spans: Int32Array): Lines {
  return new Lines(new Piece(bytes, 'utf-8', base, false), spans)
}

/** A piece of a file that was read at once. */
class Piece {
  /** The piece, where the text of each line is as its bytes are in UTF-8; else null. */
  readonly plain: Buffer | null
  readonly base: number
  /** Whether somebody may speak in it, as a job does in its log. */
  readonly isProse: boolean
  readonly #bytes: Buffer
  readonly #encoding: Encoding
  /** Whether each byte is a character: those are copied several times as fast as they are decoded. */
  readonly #isAscii: boolean

  constructor(bytes: Uint8Array, encoding: Encoding, base: number, isProse = true) {
    this.base = base
    this.isProse = isProse
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#encoding = encoding
    this.#isAscii = encoding === 'utf-8' && isAscii(bytes)
    this.plain = encoding === 'utf-8' && isPlain(this.#bytes) ? this.#bytes : null
  }

  textOf(start: number, end: number): string {
    const text = this.#isAscii
      ? this.#bytes.toString('latin1', start, end)
      : decode(this.#bytes.subarray(start, end), this.#encoding)
    return this.plain === null && this.isProse ? plainText(text) : text
  }
}

/** Some of the lines. */
export interface LineSpan {
  readonly from: number
  readonly length: number
}

/** Lines that follow each other. The text of one that stands in a piece of a file is made each time that it is asked for. */
export class Lines implements Iterable<Line> {
  readonly length: number
  /** The piece that they stand in, where the text of each is as its bytes are in UTF-8; else null. */
  readonly plain: Buffer | null
  readonly #piece: Piece | null
  /** Where each line begins and ends in the piece. */
  readonly #spans: Int32Array
  /** Lines that stand in no piece. */
  readonly #given: readonly Line[]

  constructor(piece: Piece | null, spans: Int32Array, given: readonly Line[] = []) {
    this.plain = piece?.plain ?? null
    this.length = piece === null ? given.length : spans.length / 2
    this.#piece = piece
    this.#spans = spans
    this.#given = given
  }

  static of(lines: readonly Line[]): Lines {
    return new Lines(null, NO_SPANS, lines)
  }

  *[Symbol.iterator](): Generator<Line> {
    for (let index = 0; index < this.length; index++) yield this.at(index)
  }

  at(index: number): Line {
    if (this.#piece === null) return this.#given[index]!
    const start = this.startOf(index)
    const end = this.endOf(index)
    return { offset: this.#piece.base + start, text: this.#piece.textOf(start, end), bytes: end - start }
  }

  /** What a line may say beside its record: '' where it is the element of a document. */
  wordsOf(index: number): string {
    return this.#piece?.isProse === false ? '' : this.at(index).text
  }

  map<Value>(of: (line: Line) => Value): Value[] {
    return Array.from(this, of)
  }

  /** Where a line begins in the file. */
  offsetOf(index: number): number {
    return this.#piece === null ? this.#given[index]!.offset : this.#piece.base + this.startOf(index)
  }

  /** Where a line begins in its piece. */
  startOf(index: number): number {
    return this.#spans[2 * index]!
  }

  endOf(index: number): number {
    return this.#spans[2 * index + 1]!
  }

  /** Where lines begin and end in their piece, in turn. */
  spansOf(from: number, to: number): Int32Array {
    return this.#spans.subarray(2 * from, 2 * to)
  }

  /** The same lines without some at the beginning and the end. */
  slice(from: number, to = this.length): Lines {
    if (from <= 0 && to >= this.length) return this
    const [first, last] = [Math.max(0, from), Math.min(this.length, to)]
    return this.#piece === null
      ? Lines.of(this.#given.slice(first, last))
      : new Lines(this.#piece, this.#spans.subarray(2 * first, 2 * last))
  }

  /** The lines but for some, which are given in order. */
  without(spans: readonly LineSpan[]): Lines {
    if (spans.length === 0) return this
    const rest: Line[] = []
    let index = 0
    for (const { from, length } of [...spans, { from: this.length, length: 0 }]) {
      while (index < from) rest.push(this.at(index++))
      index = from + length
    }
    return Lines.of(rest)
  }

  /** The lines that begin before a place of the file. */
  before(offset: number): Lines {
    let count = 0
    while (count < this.length && this.offsetOf(count) < offset) count++
    return this.slice(0, count)
  }
}

const NO_SPANS = new Int32Array(0)

/** The number of bytes up to and including the first terminator, or −1. */
export function firstLineBytes(bytes: Uint8Array, encoding: Encoding): number {
  const [end] = unitBytes(encoding) === 1 ? endsOfBytes(bytes, 1) : endsOfUnits(bytes, encoding)
  return end === undefined ? -1 : end + unitBytes(encoding)
}

/** Where the lines of single bytes end; at least the first `most` of them. */
function endsOfBytes(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): ArrayLike<number> & Iterable<number> {
  const pieces: Int32Array[] = []
  let count = 0
  for (let at = 0; at < bytes.length && count < most; at += TEXT_BYTES) {
    const part = bytes.subarray(at, at + TEXT_BYTES)
    kernels.text.set(part)
    const found = kernels.lineEnds.slice(0, kernels.call.lineEnds(part.length))
    if (at > 0) for (let index = 0; index < found.length; index++) found[index]! += at
    pieces.push(found)
    count += found.length
  }
  if (pieces.length === 1) return pieces[0]!
  const all = new Int32Array(count)
  let filled = 0
  for (const piece of pieces) {
    all.set(piece, filled)
    filled += piece.length
  }
  return all
}

/** The same where a character has two bytes. */
function endsOfUnits(bytes: Uint8Array, encoding: Encoding): number[] {
  const ends: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const code = encoding === 'utf-16le' ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!
    if (code === LF || code === CR || code === BACKSPACE || code === NUL) ends.push(at)
  }
  return ends
}
