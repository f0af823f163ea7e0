import zlib from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32, crc32c } from '../../../src/core/binary/crc32.ts'
import { slowCrc32c } from '../reading/frames.ts'

test('the check values of both checksums are those of their catalogue', () => {
  const digits = Buffer.from('123456789')
  expect(crc32(digits, 0, 9)).toBe(0xcbf43926)
  expect(crc32c(digits, 0, 9)).toBe(0xe3069283)
})

test('the checksum of a part is that of its bytes alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, from) => {
      const start = Math.min(from, bytes.length)
      expect(crc32(bytes, start, bytes.length)).toBe(zlib.crc32(bytes.subarray(start)))
      expect(crc32c(bytes, start, bytes.length)).toBe(slowCrc32c(bytes.subarray(start)))
    }),
  )
})
