import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_FRAME_BYTES } from '../../../src/core/reading/frame.ts'
import { leveldbLog } from '../../../src/core/reading/leveldb-log.ts'
import { chunkOf, digest, follow, summary, wandbFileOf } from './frames.ts'

const BLOCK_BYTES = 32 * 1024
const HEADER = wandbFileOf([])

/** A record whose bytes tell where they are in it. */
function recordOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 31 + (at >> 8) + 1)
}

function lengths(file: Uint8Array, sizes: readonly number[] = []): readonly number[] {
  return follow(leveldbLog, file, sizes).frames.map(({ bytes }) => bytes.length)
}

describe('cutting the records of a W&B file', () => {
  test('records in one block, across two and across four are put together', () => {
    const records = [3, 0, 40_000, 17, 100_000, 5].map(recordOf)
    const { frames, next, damage } = follow(leveldbLog, wandbFileOf(records))
    expect(frames.every(({ bytes }, index) => Buffer.compare(bytes, records[index]!) === 0)).toBe(true)
    expect(frames.length).toBe(records.length)
    expect(frames.every((frame) => frame.damage === undefined)).toBe(true)
    expect(next).toBe(wandbFileOf(records).length)
    expect(damage).toBeNull()
  })

  test('the end of a block, however little of it is left, is passed over', () => {
    for (let left = 0; left <= 16; left++) {
      const first = BLOCK_BYTES - HEADER.length - 7 - left
      expect(lengths(wandbFileOf([recordOf(first), recordOf(20), recordOf(1)]))).toEqual([first, 20, 1])
    }
  })

  test('a file that is cut at any byte gives the rest when it is there', () => {
    const records = [5, 0, BLOCK_BYTES - 60, 70, 9].map(recordOf)
    const file = wandbFileOf(records)
    const whole = follow(leveldbLog, file)
    const starts = [0, HEADER.length, ...whole.frames.map(({ offset }) => offset), file.length]
    const near = (size: number) => size < 80 || Math.abs(size - BLOCK_BYTES) < 120 || size > file.length - 40
    for (let size = 0; size <= file.length; size++) {
      if (!near(size)) continue
      expect(digest(follow(leveldbLog, file, [size]))).toEqual(digest(whole))
      expect(starts).toContain(leveldbLog.cut(file.subarray(0, size), 0).next)
    }
  })

  test('another header is damage, and half a header is waited for', () => {
    expect(follow(leveldbLog, Buffer.from('no W&B file')).damage).toBe('the header is not that of a W&B file')
    expect(follow(leveldbLog, HEADER.subarray(0, 6))).toEqual({ frames: [], next: 0, damage: null })
  })

  test('wrong data costs one record', () => {
    const file = wandbFileOf([10, 10, 10].map(recordOf))
    file[HEADER.length + 17 + 9]! ^= 1
    expect(summary(follow(leveldbLog, file).frames)).toEqual([
      '7: 10 bytes',
      '24: its checksum does not fit',
      '41: 10 bytes',
    ])
  })

  test('where no chunk begins, reading goes on at the next block', () => {
    const file = wandbFileOf([10, 10, 40_000, 10].map(recordOf))
    file[HEADER.length + 17 + 6] = 0x77
    expect(summary(follow(leveldbLog, file).frames)).toEqual([
      '7: 10 bytes',
      '24: no chunk begins at byte 24',
      // The rest of the record that began in the block before.
      `${BLOCK_BYTES}: it has no beginning`,
      `${BLOCK_BYTES + 7 + 40_000 - (BLOCK_BYTES - 41 - 7)}: 10 bytes`,
    ])
  })

  test('a record whose end never comes is told, and the next one read', () => {
    const file = Buffer.concat([HEADER, chunkOf(2, recordOf(4)), chunkOf(3, recordOf(4)), chunkOf(1, recordOf(4))])
    expect(summary(follow(leveldbLog, file).frames)).toEqual(['7: it has no end', '29: 4 bytes'])
  })

  test('zeros at the end are waited for', () => {
    const file = Buffer.concat([wandbFileOf([recordOf(4)]), Buffer.alloc(3 * BLOCK_BYTES)])
    expect(follow(leveldbLog, file)).toMatchObject({ next: HEADER.length + 11, damage: null })
  })

  test('a record beyond every length ends before a reader holds all of it', () => {
    const file = wandbFileOf([new Uint8Array(MAX_FRAME_BYTES + BLOCK_BYTES).fill(1), recordOf(8)])
    const { frames } = leveldbLog.cut(file.subarray(0, MAX_FRAME_BYTES), 0)
    expect(summary(frames)).toEqual(['7: it is too long to be read'])
    expect(
      summary(follow(leveldbLog, file).frames)
        .slice(1)
        .map((frame) => frame.replace(/^\d+/, '…')),
    ).toEqual(['…: it has no beginning', '…: 8 bytes'])
  })

  test('how a file arrives, damaged or not, never changes its frames', () => {
    const sizes = fc.oneof(fc.nat(60), fc.integer({ min: BLOCK_BYTES - 60, max: BLOCK_BYTES + 20 }))
    const places = fc.oneof(
      fc.nat(200),
      fc.integer({ min: BLOCK_BYTES - 100, max: BLOCK_BYTES + 100 }),
      fc.nat(100_000),
    )
    const changes = fc.array(fc.tuple(places, fc.integer({ min: 1, max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(sizes, { maxLength: 6 }),
        changes,
        fc.array(places, { maxLength: 6 }),
        (all, spoils, cuts) => {
          const file = wandbFileOf(all.map(recordOf))
          for (const [at, change] of spoils) if (at >= HEADER.length && at < file.length) file[at]! ^= change
          const steps = cuts.filter((size) => size < file.length).sort((a, b) => a - b)
          expect(digest(follow(leveldbLog, file, steps))).toEqual(digest(follow(leveldbLog, file)))
        },
      ),
    )
  })
})
