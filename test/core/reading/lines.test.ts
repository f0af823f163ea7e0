import { describe, expect, test } from 'vitest'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { utf8, utf16 } from './bytes.ts'

function texts(text: string, final = false): string[] {
  return splitLines(utf8(text), 0, final).lines.map((line) => line.text)
}

describe('splitting bytes into lines', () => {
  const cases = [
    { name: 'no bytes hold no line', text: '', lines: [], next: 0 },
    { name: 'LF ends a line', text: 'a\nbc\n', lines: ['a', 'bc'], next: 5 },
    { name: 'CR ends a line, as a progress bar draws it', text: '1%\r2%\r3%\r', lines: ['1%', '2%', '3%'], next: 9 },
    { name: 'CRLF ends one line and not two', text: 'a\r\nb\r\n', lines: ['a', 'b'], next: 6 },
    { name: 'blank lines are no lines', text: '\n\na\n\n\n\nb\n', lines: ['a', 'b'], next: 9 },
    { name: 'a line of spaces is a line', text: '  \na\n', lines: ['  ', 'a'], next: 5 },
    { name: 'a line without a terminator is left unread', text: 'a\nhalf', lines: ['a'], next: 2 },
    { name: 'nothing but a partial line moves nothing', text: 'half', lines: [], next: 0 },
    { name: 'a line separator of Unicode is part of its line', text: 'a\u2028b\n', lines: ['a\u2028b'], next: 6 },
    { name: 'NULs are no part of a line and part two', text: '\0\0a\0\0\0b\n', lines: ['a', 'b'], next: 8 },
    { name: 'backspaces end a line, as Keras redraws it', text: '1%\b\b\b2%\n', lines: ['1%', '2%'], next: 8 },
    { name: 'colours are no part of the text', text: '\u001b[1;31mloss\u001b[0m nan\n', lines: ['loss nan'], next: 20 },
    { name: 'a byte order mark is no part of the text', text: '\ufeffa\n', lines: ['a'], next: 5 },
  ]
  for (const { name, text, lines, next } of cases) {
    test(name, () => {
      expect(texts(text)).toEqual(lines)
      expect(splitLines(utf8(text), 0).next).toBe(next)
    })
  }

  for (const encoding of ['utf-16le', 'utf-16be'] as const) {
    test(`${encoding} is split at its own line ends, and offsets count bytes`, () => {
      const bytes = utf16('é1\r\n\n\u0a0a\u0d0d\nrest', encoding === 'utf-16be')
      const { lines, next } = splitLines(bytes, 0, false, encoding)
      expect([...lines]).toEqual([
        { offset: 0, text: 'é1', bytes: 6 },
        { offset: 12, text: '\u0a0a\u0d0d', bytes: 4 },
      ])
      expect(next).toBe(18)
      expect(splitLines(bytes.subarray(18, -1), 18, false, encoding)).toMatchObject({ lines: { length: 0 }, next: 18 })
    })
  }

  test('every line says where its first byte is in the file', () => {
    const { lines, next } = splitLines(utf8('é1\r\n\nzwei\nrest'), 1000)
    expect([...lines]).toEqual([
      { offset: 1000, text: 'é1', bytes: 3 },
      { offset: 1006, text: 'zwei', bytes: 4 },
    ])
    expect(next).toBe(1011)
  })

  test('bytes that are no UTF-8 spoil their own line and no other', () => {
    const bytes = Uint8Array.of(0x61, 0x0a, 0xff, 0xc3, 0x0a, 0x62, 0x0a)
    expect(splitLines(bytes, 0).lines.map((line) => line.text)).toEqual(['a', '\ufffd\ufffd', 'b'])
  })

  test('the rest is a line once the writer has left', () => {
    expect(texts('a\nhalf', true)).toEqual(['a', 'half'])
    expect(splitLines(utf8('a\nhalf'), 10, true).next).toBe(16)
  })

  test('a file that ends with a terminator has no further line once the writer has left', () => {
    expect(texts('a\n', true)).toEqual(['a'])
  })
})
