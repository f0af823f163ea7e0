import { type Encoding, unitBytes } from './encoding.ts'
import { firstLineBytes, type Line, Lines, type LongLine, splitLines, TEXT_LINE_BYTES } from './lines.ts'
import { plainText } from './plain-text.ts'

export interface Cut {
  readonly lines: Lines
  readonly longLines: readonly LongLine[]
  /** Where the next read starts. */
  readonly next: number
  readonly inLongLine: boolean
}

export interface Chunk {
  readonly bytes: Uint8Array
  readonly encoding: Encoding
  /** File offset of the first byte. */
  readonly base: number
  /** True when the chunk begins within a line that is passed over. */
  readonly inLongLine: boolean
  /** A longer line is given up, as soon as so much of it is there. */
  readonly capBytes: number
  /** True once the writer has left: what remains is a line. */
  readonly isFinal: boolean
}

/** Of any encoding: enough for the 200 characters that are shown of a line. */
const EXCERPT_BYTES = 800
/** More than stands before an object, its colours included, in any encoding. */
const PREFIX_BYTES = 4096
const OPEN = 0x7b

/**
 * Cuts the complete lines out of a chunk.
 *
 * A line above its cap is reported once, by where it began, and passed over:
 * `inLongLine` then says that the next chunk begins within it, so a line of a
 * gigabyte needs no more memory than any other.
 */
export function cutLines(chunk: Chunk): Cut {
  const { encoding } = chunk
  const skipped = chunk.inLongLine ? firstLineBytes(chunk.bytes, encoding) : 0
  if (skipped === -1) {
    const halfUnit = chunk.isFinal ? 0 : chunk.bytes.length % unitBytes(encoding)
    return {
      lines: Lines.of([]),
      longLines: [],
      next: chunk.base + chunk.bytes.length - halfUnit,
      inLongLine: !chunk.isFinal,
    }
  }
  const bytes = chunk.bytes.subarray(skipped)
  const base = chunk.base + skipped
  const split = splitLines(bytes, base, chunk.isFinal, encoding)
  const leastCapBytes = Math.min(chunk.capBytes, TEXT_LINE_BYTES)
  const capOf = (offset: number) => capBytesOf(bytes.subarray(offset - base), chunk)
  const longOnes: number[] = []
  for (let index = 0; index < split.lines.length; index++) {
    const lengthBytes = split.lines.endOf(index) - split.lines.startOf(index)
    if (lengthBytes > leastCapBytes && lengthBytes > capOf(split.lines.offsetOf(index))) longOnes.push(index)
  }
  const lines = withoutRedraws(longOnes.length === 0 ? split.lines : without(split.lines, longOnes))
  const longLines = longOnes.map((index) => {
    const offset = split.lines.offsetOf(index)
    return longLine(bytes.subarray(offset - base), offset, encoding, capOf(offset))
  })

  const partial = bytes.subarray(split.next - base)
  const halfUnit = partial.length % unitBytes(encoding)
  if (partial.length - halfUnit <= capOf(split.next)) return { lines, longLines, next: split.next, inLongLine: false }
  return {
    lines,
    longLines: [...longLines, longLine(partial, split.next, encoding, capOf(split.next))],
    next: base + bytes.length - halfUnit,
    inLongLine: true,
  }
}

function without(lines: Lines, left: readonly number[]): Lines {
  const indices = Array.from({ length: lines.length }, (_, index) => index)
  return Lines.of(indices.filter((index) => !left.includes(index)).map((index) => lines.at(index)))
}

/** A terminator that a collector has written as a number, which `plainText` reads. */
const REDRAW = /[\b\n\r]/
/** So many more characters has the number. */
const NUMBER_CHARS = 3

function withoutRedraws(lines: Lines): Lines {
  if (lines.plain !== null) return lines
  const all = [...lines]
  return Lines.of(all.some(isRedrawn) ? all.flatMap((line) => (isRedrawn(line) ? drawn(line) : [line])) : all)
}

function isRedrawn({ text, bytes }: Line): boolean {
  return text.length <= bytes - NUMBER_CHARS && REDRAW.test(text)
}

/** What was drawn one after another. No character is longer in the text, so each offset is within the line. */
function drawn({ offset, text }: Line): readonly Line[] {
  const lines: Line[] = []
  let start = 0
  for (const part of text.split(REDRAW)) {
    if (part !== '') lines.push({ offset: offset + start, text: part, bytes: part.length })
    start += part.length + 1
  }
  return lines
}

/** The longest that a line with these first bytes may be: only one that holds an object can be a batch of predictions. */
function capBytesOf(bytes: Uint8Array, { capBytes }: Chunk): number {
  if (capBytes <= TEXT_LINE_BYTES) return capBytes
  return bytes.subarray(0, PREFIX_BYTES).includes(OPEN) ? capBytes : TEXT_LINE_BYTES
}

function longLine(bytes: Uint8Array, offset: number, encoding: Encoding, capBytes: number): LongLine {
  // Within the cap, so that it is the same however much of the line a read has brought.
  const head = bytes.subarray(0, Math.min(EXCERPT_BYTES, capBytes))
  // A character that the cut divides is left out: that is what `stream` does.
  return { offset, capBytes, excerpt: plainText(new TextDecoder(encoding).decode(head, { stream: true })) }
}
