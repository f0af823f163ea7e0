import { expect, test } from 'vitest'
import { binaryFrom } from '../../../src/core/reading/binary.ts'
import { joined, utf8, utf16 } from './bytes.ts'

const controls = new Uint8Array(1229).fill(1)

test('a head is text until it holds one control byte too many, and says where that is', () => {
  expect(binaryFrom(controls.subarray(1), 'utf-8')).toBe(null)
  expect(binaryFrom(controls, 'utf-8')).toBe(1228)
  expect(binaryFrom(joined(utf8('step'), controls), 'utf-8')).toBe(1232)
})

test('what is behind the first 4 KiB does not count', () => {
  expect(binaryFrom(joined(utf8('x'.repeat(2868)), controls), 'utf-8')).toBe(null)
  expect(binaryFrom(joined(utf8('x'.repeat(2867)), controls), 'utf-8')).toBe(4095)
})

test('what a log is full of is no sign: line ends, tabs, backspaces, colours and zeros', () => {
  expect(binaryFrom(utf8('\0\b\t\n\r\u001b'.repeat(700)), 'utf-8')).toBe(null)
})

test('the bytes of UTF-16 are no control bytes', () => {
  expect(binaryFrom(utf16('\u0101'.repeat(2000)), 'utf-16le')).toBe(null)
})
