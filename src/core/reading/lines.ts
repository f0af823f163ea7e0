import { kernels } from '../kernels/kernels.ts'
import { TEXT_BYTES } from '../kernels/layout.ts'
import { decode, type Encoding, isAscii, unitBytes } from './encoding.ts'
import type { Head } from './head.ts'
import { plainText } from './plain-text.ts'

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
  readonly lines: readonly Line[]
  /** Offset of the first byte not yet part of a complete line: where the next read starts. */
  readonly next: number
}

/** A line of usual length is not worth a call of a kernel. */
const NEAR_BYTES = 256

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
  const whole = bytes.length - (bytes.length % unit)
  const lines: Line[] = []
  const text = new LineTexts(bytes, encoding)
  let start = 0
  for (let end = lineEnd(bytes, 0, encoding); end < whole; end = lineEnd(bytes, start, encoding)) {
    if (end > start) lines.push({ offset: base + start, text: text.of(start, end), bytes: end - start })
    start = end + unit
  }
  if (final) {
    if (start < whole) lines.push({ offset: base + start, text: text.of(start, whole), bytes: whole - start })
    start = bytes.length
  }
  return { lines, next: base + start }
}

/** The texts of the lines of a piece of a file. */
class LineTexts {
  readonly #bytes: Uint8Array
  readonly #encoding: Encoding
  /** The same bytes, where each is a character: those are copied several times as fast as they are decoded. */
  readonly #ascii: Buffer | null

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.#bytes = bytes
    this.#encoding = encoding
    this.#ascii =
      encoding === 'utf-8' && isAscii(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : null
  }

  of(start: number, end: number): string {
    return plainText(
      this.#ascii === null
        ? decode(this.#bytes.subarray(start, end), this.#encoding)
        : this.#ascii.toString('latin1', start, end),
    )
  }
}

/** The number of bytes up to and including the first terminator, or −1. */
export function firstLineBytes(bytes: Uint8Array, encoding: Encoding): number {
  const unit = unitBytes(encoding)
  const end = lineEnd(bytes, 0, encoding)
  return end + unit <= bytes.length ? end + unit : -1
}

/** Where the first terminator from `start` on begins, or where the last whole unit ends. */
function lineEnd(bytes: Uint8Array, start: number, encoding: Encoding): number {
  const unit = unitBytes(encoding)
  const whole = bytes.length - (bytes.length % unit)
  const isWide = unit > 1
  const near = isWide ? whole : Math.min(start + NEAR_BYTES, whole)
  for (let end = start; end < near; end += unit) {
    if ((isWide || bytes[end]! <= CR) && isTerminator(bytes, end, encoding)) return end
  }
  return near < whole ? farLineEnd(bytes, near) : whole
}

/** The same in a long line of single bytes. */
function farLineEnd(bytes: Uint8Array, start: number): number {
  let length = 4 * NEAR_BYTES
  for (let at = start; at < bytes.length; at += length, length = Math.min(4 * length, TEXT_BYTES)) {
    const part = bytes.subarray(at, at + length)
    kernels.text.set(part)
    const end = kernels.call.lineEnd(part.length)
    if (end < part.length) return at + end
  }
  return bytes.length
}

function isTerminator(bytes: Uint8Array, at: number, encoding: Encoding): boolean {
  let code = bytes[at]!
  if (encoding === 'utf-16le') code |= bytes[at + 1]! << 8
  else if (encoding === 'utf-16be') code = (code << 8) | bytes[at + 1]!
  return code <= CR && (code === LF || code === CR || code === BACKSPACE || code === NUL)
}
