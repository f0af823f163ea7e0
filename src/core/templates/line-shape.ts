import { kernels } from '../kernels/kernels.ts'
import {
  BAR_PART,
  BLANKS_PART,
  CLOCK_PART,
  END_PART,
  HAS_EXPONENT,
  HAS_MINUS,
  IS_DECIMAL,
  IS_INTEGER,
  IS_OF_WIDTH,
  MAY_BE_ZERO,
  MOST_SPANS,
  NUMBER_PART,
  SHAPE_BYTES,
  TEXT_BYTES,
  WORDS_PART,
} from '../kernels/layout.ts'
import type { Lines } from '../reading/lines.ts'
import type { LinePart, NumberSlot } from './line-matcher.ts'

/** What stands behind the text of the kernel ends the last number of it. */
const NOTHING = new Uint8Array(32)

/**
 * What lines have in common, in the form of `kernels/match-lines.ts`, which matches those that follow each other. It is sound
 * and not complete: what it does not match is left to `LineMatcher`.
 */
export class LineShape {
  readonly #bytes: Uint8Array
  readonly #numbers: number

  private constructor(bytes: Uint8Array, numbers: number) {
    this.#bytes = bytes
    this.#numbers = numbers
  }

  /** Null where there are too many parts. `time` says which of them is a clock with the time of a line. */
  static of(parts: readonly LinePart[], time: number | null = null): LineShape | null {
    const pieces = parts.map((part, index) => pieceOf(part, index === time))
    const bytes = Buffer.concat([...pieces, head(END_PART, 0)])
    const numbers = parts.filter(({ kind }) => kind === 'number').length
    return bytes.length > SHAPE_BYTES || numbers === 0 ? null : new LineShape(bytes, numbers)
  }

  /** How many lines of a piece, from one on and before another, are of this shape. Their numbers stand in `kernels.numbers`. */
  countIn(lines: Lines, from: number, to: number): number {
    const { plain } = lines
    if (plain === null) return 0
    const base = lines.startOf(from)
    const most = Math.min(to - from, MOST_SPANS, Math.floor(kernels.numbers.length / this.#numbers))
    let count = 0
    while (count < most && lines.endOf(from + count) - base <= TEXT_BYTES) count++
    if (count === 0) return 0
    const text = plain.subarray(base, Math.min(plain.length, base + TEXT_BYTES))
    kernels.text.set(text)
    kernels.text.set(NOTHING, text.length)
    kernels.spans.set(lines.spansOf(from, from + count))
    kernels.shape.set(this.#bytes)
    return kernels.call.matchLines(count, base)
  }
}

function pieceOf(part: LinePart, isTime: boolean): Buffer {
  switch (part.kind) {
    case 'words':
      return wordsPiece(Buffer.from(part.words))
    case 'number':
      return numberPiece(part.slot)
    case 'blanks':
      return head(BLANKS_PART, 0)
    case 'bar':
      return head(BAR_PART, 0)
    case 'clock':
      return clockPiece(part, isTime)
  }
}

function head(kind: number, about: number, first = 0, second = 0): Buffer {
  return Buffer.from(Int32Array.of(kind, about, first, second).buffer)
}

function wordsPiece(words: Buffer): Buffer {
  return Buffer.concat([head(WORDS_PART, words.length), padded(words)])
}

function clockPiece({ like, digits }: Extract<LinePart, { kind: 'clock' }>, isTime: boolean): Buffer {
  const bounds = Int32Array.from(digits.flatMap(({ at, least, most }) => [at, least, most]))
  const words = Buffer.from(like)
  const about = head(CLOCK_PART, words.length, digits.length, Number(isTime))
  return Buffer.concat([about, padded(words), padded(Buffer.from(bounds.buffer))])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 15)])
}

function numberPiece(slot: NumberSlot): Buffer {
  const flags =
    (slot.isInteger ? IS_INTEGER : 0) |
    (slot.isDecimal ? IS_DECIMAL : 0) |
    (slot.hasExponent ? HAS_EXPONENT : 0) |
    (slot.hasMinus ? HAS_MINUS : 0) |
    (slot.mayBeZero ? MAY_BE_ZERO : 0) |
    (slot.isOfWidth ? IS_OF_WIDTH : 0)
  const bounds = Float64Array.of(slot.least, slot.most, slot.below, slot.paddedDigits)
  return Buffer.concat([head(NUMBER_PART, flags, slot.leastDigits, slot.mostDigits), Buffer.from(bounds.buffer)])
}
