import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_FRAME_BYTES } from '../../../src/core/reading/frame.ts'
import { tfrecord } from '../../../src/core/reading/tfrecord.ts'
import { digest, follow, slowCrc32c, summary, tfrecordOf } from './frames.ts'

const FILE = Buffer.concat(['one', '', 'three'].map((text) => tfrecordOf(Buffer.from(text))))

/** The file with one byte of it changed. */
function spoilt(at: number): Buffer {
  const bytes = Buffer.from(FILE)
  bytes[at]! ^= 0x40
  return bytes
}

describe('cutting the records of TensorFlow', () => {
  test('each record is a frame with its data, an empty one too', () => {
    const { frames, next, damage } = follow(tfrecord, FILE)
    expect(frames.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one', '', 'three'])
    expect(frames.map(({ offset }) => offset)).toEqual([0, 19, 35])
    expect(next).toBe(FILE.length)
    expect(damage).toBeNull()
  })

  test('a file that is cut at any byte gives what is complete, and the rest when it is there', () => {
    const whole = digest(follow(tfrecord, FILE))
    for (let size = 0; size <= FILE.length; size++) {
      expect(digest(follow(tfrecord, FILE, [size]))).toEqual(whole)
      const { next, damage } = tfrecord.cut(FILE.subarray(0, size), 0)
      expect([0, 19, 35, FILE.length]).toContain(next)
      expect(next).toBeLessThanOrEqual(size)
      expect(damage).toBeNull()
    }
  })

  test('wrong data is a frame that says so, and the records after it are read', () => {
    expect(summary(follow(tfrecord, spoilt(13)).frames)).toEqual([
      '0: its checksum does not fit',
      '19: 0 bytes',
      '35: 5 bytes',
    ])
  })

  test('a wrong length ends the reading at its record', () => {
    for (let at = 19; at < 31; at++) {
      const { frames, next, damage } = follow(tfrecord, spoilt(at))
      expect(summary(frames)).toEqual(['0: 3 bytes'])
      expect(next).toBe(19)
      expect(damage).toBe('the length of a record has a wrong checksum')
    }
  })

  test('zeros at the end are waited for, and are damage once more follows', () => {
    const zeros = Buffer.concat([FILE, Buffer.alloc(64)])
    const { next, damage } = follow(tfrecord, zeros)
    expect(next).toBe(FILE.length)
    expect(damage).toBeNull()
    expect(follow(tfrecord, Buffer.concat([zeros, FILE])).damage).not.toBeNull()
  })

  test('a length beyond every record is damage and is not waited for', () => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(MAX_FRAME_BYTES))
    const crc = slowCrc32c(length)
    const masked = Buffer.alloc(4)
    masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0)
    const { next, damage } = follow(tfrecord, Buffer.concat([FILE, length, masked]))
    expect(next).toBe(FILE.length)
    expect(damage).toBe('a record of 67108864 bytes is longer than any that is read')
  })

  test('how a file arrives, damaged or not, never changes its frames', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }).map(tfrecordOf), { maxLength: 8 })
    const damages = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 255 })), { maxLength: 2 })
    fc.assert(
      fc.property(pieces, damages, fc.array(fc.nat(400), { maxLength: 8 }), (records, changes, sizes) => {
        const file = Buffer.concat(records)
        for (const [at, change] of changes) if (at < file.length) file[at]! ^= change
        const steps = sizes.filter((size) => size < file.length).sort((a, b) => a - b)
        expect(digest(follow(tfrecord, file, steps))).toEqual(digest(follow(tfrecord, file)))
      }),
    )
  })
})
