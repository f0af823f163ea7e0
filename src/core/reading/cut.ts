import type { LongLine } from '../read.ts'
import { type Line, splitLines } from './lines.ts'

export interface Cut {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
  /** Where the next read starts. */
  readonly next: number
  readonly inLongLine: boolean
}

export interface Chunk {
  readonly bytes: Uint8Array
  /** File offset of the first byte. */
  readonly base: number
  /** True when the chunk begins within a line that is passed over. */
  readonly inLongLine: boolean
  /** A longer line is given up, as soon as so much of it is there. */
  readonly capBytes: number
  /** True once the writer has left: what remains is a line. */
  readonly isFinal: boolean
}

const LF = 0x0a
const CR = 0x0d
/** Of UTF-8: enough for the 200 characters that are shown of a line. */
const EXCERPT_BYTES = 800

/**
 * Cuts the complete lines out of a chunk.
 *
 * A line above its cap is reported once, by where it began, and passed over:
 * `inLongLine` then says that the next chunk begins within it, so a line of a
 * gigabyte needs no more memory than any other.
 */
export function cutLines(chunk: Chunk): Cut {
  const skipped = chunk.inLongLine ? endOfLine(chunk.bytes) : 0
  if (skipped === -1) {
    return { lines: [], longLines: [], next: chunk.base + chunk.bytes.length, inLongLine: !chunk.isFinal }
  }
  const bytes = chunk.bytes.subarray(skipped)
  const base = chunk.base + skipped
  const split = splitLines(bytes, base, chunk.isFinal)
  const lines = split.lines.filter((line) => line.bytes <= chunk.capBytes)
  const longLines = split.lines
    .filter((line) => line.bytes > chunk.capBytes)
    .map((line) => longLine(bytes.subarray(line.offset - base), line.offset, chunk.capBytes))

  const partial = bytes.subarray(split.next - base)
  if (partial.length <= chunk.capBytes) return { lines, longLines, next: split.next, inLongLine: false }
  return {
    lines,
    longLines: [...longLines, longLine(partial, split.next, chunk.capBytes)],
    next: base + bytes.length,
    inLongLine: true,
  }
}

function longLine(bytes: Uint8Array, offset: number, capBytes: number): LongLine {
  // Within the cap, so that it is the same however much of the line a read has brought.
  const head = bytes.subarray(0, Math.min(EXCERPT_BYTES, capBytes))
  // A character that the cut divides is left out: that is what `stream` does.
  return { offset, capBytes, excerpt: new TextDecoder().decode(head, { stream: true }) }
}

/** The number of bytes up to and including the first terminator, or −1. */
function endOfLine(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte === LF || byte === CR)
  return end === -1 ? -1 : end + 1
}
