import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutLines } from '../../../src/core/reading/cut.ts'
import { decode, type Encoding, encodingOf, unitBytes } from '../../../src/core/reading/encoding.ts'
import type { Line, LongLine } from '../../../src/core/reading/lines.ts'
import { utf8, utf16 } from './bytes.ts'

interface WholeFile {
  readonly lines: readonly Line[]
  readonly longLines: readonly LongLine[]
}

/** Reads a file that is `sizes[i]` bytes long at the i-th look, each time from where the last one stopped. */
function readAsItGrows(file: Uint8Array, sizes: readonly number[], capBytes: number): WholeFile {
  const lines: Line[] = []
  const longLines: LongLine[] = []
  let cursor: { readonly next: number; readonly inLongLine: boolean } = { next: 0, inLongLine: false }
  let encoding: Encoding = 'utf-8'
  const looks = [...sizes].sort((a, b) => a - b).map((size) => ({ size, isFinal: false }))
  for (const { size, isFinal } of [...looks, { size: file.length, isFinal: true }]) {
    const bytes = file.subarray(cursor.next, Math.max(size, cursor.next))
    if (cursor.next === 0) encoding = encodingOf(bytes)
    const cut = cutLines({ bytes, encoding, base: cursor.next, inLongLine: cursor.inLongLine, capBytes, isFinal })
    expect(cut.next).toBeGreaterThanOrEqual(cursor.next)
    expect(Math.max(size, cursor.next) - cut.next).toBeLessThanOrEqual(capBytes + unitBytes(encoding) - 1)
    lines.push(...cut.lines)
    longLines.push(...cut.longLines)
    cursor = cut
  }
  expect(cursor.next).toBe(file.length)
  return { lines, longLines }
}

/** What a file holds, by the definition: runs of characters other than LF, CR, backspace and NUL. */
function byDefinition(file: Uint8Array, capBytes: number): WholeFile {
  const lines: Line[] = []
  const longLines: LongLine[] = []
  const encoding = encodingOf(file)
  const unit = unitBytes(encoding)
  let start = 0
  for (let end = 0; end <= file.length; end += unit) {
    const unitText = end + unit > file.length ? '\n' : decode(file.subarray(end, end + unit), encoding)
    if (unitText === '' || !'\n\r\b\0'.includes(unitText)) continue
    const bytes = file.slice(start, end)
    if (bytes.length > capBytes) longLines.push({ offset: start, capBytes, excerpt: expect.any(String) })
    else if (bytes.length > 0) lines.push({ offset: start, text: decode(bytes, encoding), bytes: bytes.length })
    start = end + unit
  }
  return { lines, longLines }
}

/** Parts of a log: many terminators, some characters of several bytes. */
const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\b\b', '\0', '\0\0\0') },
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant('loss: 0.5 ∞ ਊ Ċ '.repeat(4)) },
)
const parts = fc.array(part, { maxLength: 40 })

/** Bytes of a log with some rubbish among them. */
const utf8File = fc
  .array(
    fc.oneof({ weight: 11, arbitrary: part.map(utf8) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) }),
    {
      maxLength: 40,
    },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))
  .filter((bytes) => encodingOf(bytes) === 'utf-8' && !bytes.includes(0x1b))
const utf16File = fc
  .tuple(parts, fc.boolean(), fc.constantFrom(0, 1))
  .map(([texts, isBigEndian, missing]) => utf16(texts.join(''), isBigEndian).subarray(0, -missing || undefined))
  .filter((bytes) => bytes.length > 1)
const file = fc.oneof(utf8File, utf16File)

const cuts = fc.array(fc.nat(400), { maxLength: 30 })
const cap = fc.constantFrom(3, 8, 16, 1000)

describe('cutting lines out of reads', () => {
  test('however the bytes arrive, the lines are those of the whole file', () => {
    fc.assert(
      fc.property(file, cuts, cap, (bytes, sizes, capBytes) => {
        const reads = sizes.map((size) => Math.min(size, bytes.length))
        expect(readAsItGrows(bytes, reads, capBytes)).toEqual(byDefinition(bytes, capBytes))
      }),
      { numRuns: 1000 },
    )
  })

  test('however the bytes arrive, a line above the cap is reported in the same words', () => {
    fc.assert(
      fc.property(file, cuts, cap, (bytes, sizes, capBytes) => {
        const reads = sizes.map((size) => Math.min(size, bytes.length))
        expect(readAsItGrows(bytes, reads, capBytes).longLines).toEqual(readAsItGrows(bytes, [], capBytes).longLines)
      }),
      { numRuns: 1000 },
    )
  })

  test('byte by byte is no different', () => {
    const bytes = utf8('a\r\nloss: ∞\r\r\n{"x": 1}\nlast')
    const everyByte = Array.from(bytes, (_, index) => index)
    expect(readAsItGrows(bytes, everyByte, 100)).toEqual(byDefinition(bytes, 100))
  })
})

describe('a line above its cap', () => {
  const chunk = { encoding: 'utf-8' as const, base: 0, inLongLine: false, capBytes: 8, isFinal: false }

  test('of exactly the cap is still a line', () => {
    expect(cutLines({ ...chunk, bytes: utf8('12345678\n') }).lines.map((line) => line.text)).toEqual(['12345678'])
    expect(cutLines({ ...chunk, bytes: utf8('12345678') }).inLongLine).toBe(false)
  })

  test('is reported where it began, and the next line is read', () => {
    const cut = cutLines({ ...chunk, bytes: utf8('a\n123456789\nb\n'), base: 50 })
    expect(cut.lines.map((line) => [line.offset, line.text])).toEqual([
      [50, 'a'],
      [62, 'b'],
    ])
    expect(cut.longLines).toEqual([{ offset: 52, capBytes: 8, excerpt: '12345678' }])
    expect(cut).toMatchObject({ next: 64, inLongLine: false })
  })

  test('is given up before its end has been seen, and its end is then passed over', () => {
    const first = cutLines({ ...chunk, bytes: utf8('123456789') })
    expect(first).toMatchObject({ lines: { length: 0 }, next: 9, inLongLine: true })
    expect(first.longLines).toHaveLength(1)

    const second = cutLines({ ...chunk, bytes: utf8('0123456789'), base: 9, inLongLine: true })
    expect(second).toMatchObject({ lines: { length: 0 }, longLines: [], next: 19, inLongLine: true })

    const third = cutLines({ ...chunk, bytes: utf8('x\r\nb\nc'), base: 19, inLongLine: true })
    expect(third.lines.map((line) => [line.offset, line.text])).toEqual([[22, 'b']])
    expect(third).toMatchObject({ longLines: [], next: 24, inLongLine: false })
  })

  test('is over when the writer has left', () => {
    expect(cutLines({ ...chunk, bytes: utf8('789'), base: 9, inLongLine: true, isFinal: true })).toMatchObject({
      lines: { length: 0 },
      longLines: [],
      next: 12,
      inLongLine: false,
    })
  })

  test('shows its first bytes, and no half of a character', () => {
    expect(cutLines({ ...chunk, capBytes: 4, bytes: utf8('ab∞∞\n') }).longLines[0]?.excerpt).toBe('ab')
    const long = cutLines({ ...chunk, capBytes: 1000, bytes: utf8('é'.repeat(1000)) }).longLines[0]
    expect(long?.excerpt).toBe('é'.repeat(400))
  })
})

test('a bar that is drawn again by a terminator written as a number is several lines', () => {
  const bytes = utf8('é #015 1%|▏ a]#015 2%|▏ b]#015#015\nEpoch 3#0111.5\n')
  const { lines } = cutLines({ bytes, encoding: 'utf-8', base: 100, inLongLine: false, capBytes: 1000, isFinal: false })
  expect(lines.map(({ text }) => text)).toEqual(['é ', ' 1%|▏ a]', ' 2%|▏ b]', 'Epoch 3\t1.5'])
  const offsets = lines.map(({ offset }) => offset)
  expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
})
