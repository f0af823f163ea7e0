import { expect, test } from 'vitest'
import { valueEnd } from '../../../../src/core/formats/documents/json-extent.ts'
import { checksumOf, ValueScan } from '../../../../src/core/formats/documents/value-scan.ts'
import { utf8 } from '../../reading/bytes.ts'

const VALUES = [
  '{}',
  '[]',
  '{"a": [1, 2, {"b": "}"}], "c\\"": "\\\\"}',
  '{"note": "two  blanks\\ttab, [ and { and \\u00e9 é"}',
  '[\n  {\r\n\t"loss" : NaN }\n]',
  '{"a": "never closed',
  '{"a": "cut in an escape\\',
  '{"a": [1, 2}',
  '{"a": {"b": 1}',
  `{"long": "${'x'.repeat(70_000)}", "b": 1}`,
  `[${'1, '.repeat(30_000)}2]`,
]

test('values are found as they are one by one, with a checksum that does not tell how they are laid out', () => {
  for (const value of VALUES)
    for (const before of ['', ' '.repeat(65_500), 'y'.repeat(200_000)]) {
      const bytes = utf8(`${before}${value}${value.startsWith('{"a": [1, 2}') ? '' : ' , {"next": 1}'}`)
      const scan = new ValueScan(bytes)
      const end = scan.endOf(before.length)
      expect(end, value.slice(0, 50)).toBe(valueEnd(bytes, before.length))
      if (end === null) continue
      expect(scan.checksum, value.slice(0, 50)).toBe(checksumOf(bytes, before.length, end))
      expect(scan.endOf(bytes.length - 11)).toBe(bytes.length)
    }
})

test('the checksum of a value is that of its bytes without the white space between them, and of no other value', () => {
  const checksum = (text: string) => checksumOf(utf8(text), 0, utf8(text).length)
  const value = { epoch: 0.5, log: [1, -2.5e-5, null, 'a b  c'], 'é "q"': true }
  const compact = checksum(JSON.stringify(value))
  for (const indent of [1, 2, 4, '\t']) expect(checksum(JSON.stringify(value, null, indent))).toBe(compact)
  expect(checksum(JSON.stringify({ ...value, log: [1, -2.5e-5, null, 'a b c'] }))).not.toBe(compact)
  expect(checksum('1.5')).not.toBe(checksum('1.25'))
})
