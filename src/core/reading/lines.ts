/** A complete line of a text file: where its first byte is, and what it says, without its terminator. */
export interface Line {
  readonly offset: number
  readonly text: string
  /** Its length in the file, without the terminator. */
  readonly bytes: number
}

export interface Split {
  readonly lines: readonly Line[]
  /** Offset of the first byte not yet part of a complete line: where the next read starts. */
  readonly next: number
}

const LF = 0x0a
const CR = 0x0d

const decoder = new TextDecoder('utf-8')

/**
 * Splits the complete lines out of `bytes`, which begin at file offset `base`.
 *
 * A trailing partial line is left unread rather than buffered, so the cursor is
 * the only state and a restart cannot lose or repeat half a line. Splitting on
 * bytes also keeps a multi-byte character whole across reads. CR ends a line
 * too: progress bars redraw with it. Blank lines carry no data and are dropped,
 * which makes CRLF need no special case. With `final` the writer has left, and
 * what remains without a terminator is a line as well.
 */
export function splitLines(bytes: Uint8Array, base: number, final = false): Split {
  const lines: Line[] = []
  let start = 0
  for (let end = 0; end < bytes.length; end++) {
    if (bytes[end] !== LF && bytes[end] !== CR) continue
    if (end > start) lines.push(line(bytes.subarray(start, end), base + start))
    start = end + 1
  }
  if (final && start < bytes.length) {
    lines.push(line(bytes.subarray(start), base + start))
    start = bytes.length
  }
  return { lines, next: base + start }
}

function line(bytes: Uint8Array, offset: number): Line {
  return { offset, text: decoder.decode(bytes), bytes: bytes.length }
}
