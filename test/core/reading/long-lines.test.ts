import { expect, test } from 'vitest'
import { decode } from '../../../src/core/reading/encoding.ts'
import { splitLines } from '../../../src/core/reading/lines.ts'
import { joined, utf8 } from './bytes.ts'

/** Longer than what is searched at once. */
const LONG = 200_000
/** Around the places where one search ends and the next begins. */
const PLACES = [256, 1280, 5376, 21_760, 87_296, 152_832].flatMap((edge) => [-17, -1, 0, 1, 15].map((by) => edge + by))

test('each kind of line end is found wherever it stands in a long line', () => {
  for (const terminator of ['\n', '\r', '\b', '\0']) {
    for (const place of [1, ...PLACES, LONG - 1]) {
      const bytes = utf8(`\t\v\f${'x'.repeat(LONG)}`)
      bytes[place] = terminator.charCodeAt(0)
      const { lines, next } = splitLines(bytes, 7)
      expect(lines.map(({ offset, bytes }) => ({ offset, bytes }))).toEqual([{ offset: 7, bytes: place }])
      expect(next).toBe(7 + place + 1)
    }
  }
})

test('a long line without an end is left unread, whatever was searched before it', () => {
  expect(splitLines(utf8('\n'.repeat(70_000)), 0).next).toBe(70_000)
  for (const length of PLACES)
    expect(splitLines(utf8('x'.repeat(length)), 0)).toMatchObject({ lines: { length: 0 }, next: 0 })
})

test('a long text is decoded as any other, wherever the first character beyond ASCII stands', () => {
  const decoder = new TextDecoder()
  for (const place of [0, 65_535, 65_536, LONG - 2]) {
    for (const odd of [utf8('é'), Uint8Array.of(0xff, 0x41), utf8('\ufeff').subarray(0, 2)]) {
      const bytes = joined(utf8('a'.repeat(place)), odd, utf8('b'.repeat(LONG - place)))
      expect(decode(bytes, 'utf-8') === decoder.decode(bytes)).toBe(true)
    }
  }
  expect(decode(utf8('a'.repeat(LONG)), 'utf-8')).toBe('a'.repeat(LONG))
  expect(decode(utf8(`\ufeff${'a'.repeat(LONG)}`), 'utf-8')).toBe('a'.repeat(LONG))
})
