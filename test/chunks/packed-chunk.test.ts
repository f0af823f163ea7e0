import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChunkSample, chunkOf, joined, type SampleChunk, samplesOf } from '../../src/chunks/chunk.ts'
import { packChunk, unpackChunk } from '../../src/chunks/packed-chunk.ts'
import { checksumOf } from '../../src/store/chunk-checksum.ts'

function sample(ordinal: number, parts: Partial<ChunkSample> = {}): ChunkSample {
  return { ordinal, value: 1, step: ordinal, offset: ordinal * 80, timeMs: null, epoch: null, raw: null, ...parts }
}

function chunk(count: number, parts: (i: number) => Partial<ChunkSample> = () => ({})): SampleChunk {
  return chunkOf(
    0,
    0,
    Array.from({ length: count }, (_, i) => sample(i, parts(i))),
  )
}

/** How many bytes a chunk takes beside its values. */
function restBytes(of: SampleChunk): number {
  const packed = packChunk(of)
  const columns = [packed.ordinals, packed.steps, packed.offsets, packed.timesMs, packed.epochs]
  return columns.reduce((bytes, { rest }) => bytes + (rest?.length ?? 0), 0)
}

describe('a chunk', () => {
  test('is the same after it was packed, whatever its samples hold', () => {
    const number = fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.constant(null))
    const any = fc.record({
      value: fc.double(),
      step: number,
      offset: number,
      timeMs: fc.oneof(number, fc.double({ noNaN: true })),
      epoch: fc.oneof(number, fc.double({ noNaN: true }), fc.constantFrom(0.1, 2.37, -0, 1e-7)),
      raw: fc.oneof(fc.constant(null), fc.string()),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 256 }),
        fc.infiniteStream(any),
        (ordinals, parts) => {
          const given = chunkOf(
            0,
            3,
            ordinals.map((ordinal) => ({ ...parts.next().value, ordinal })),
          )
          const packed = packChunk(given)
          expect(unpackChunk(packed, given.raws)).toEqual(given)
          expect(checksumOf(packed, given.raws)).toBe(
            checksumOf(packChunk(unpackChunk(packed, given.raws)), given.raws),
          )
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })

  test('does not depend on how it was put together', () => {
    const all = Array.from({ length: 200 }, (_, i) =>
      sample(i, i % 50 === 7 ? { value: NaN, raw: `nan ${i}` } : { value: Math.sin(i) }),
    )
    const whole = chunkOf(0, 0, all)
    for (const cut of [1, 7, 100, 199])
      expect(joined(chunkOf(0, 0, all.slice(0, cut)), chunkOf(0, 0, all.slice(cut)))).toEqual(whole)
    const mixed = joined(
      chunkOf(0, 0, all.filter(({ ordinal }) => ordinal % 3 === 1).reverse()),
      chunkOf(
        0,
        0,
        all.filter(({ ordinal }) => ordinal % 3 !== 1),
      ),
    )
    expect(samplesOf(mixed)).toEqual(all)
    const checksum = (of: SampleChunk) => checksumOf(packChunk(of), of.raws)
    expect(checksum(mixed)).toBe(checksum(whole))
  })

  test('is the same of many parts, in whichever order they come, with the texts of each', () => {
    const given = chunk(20, (i) => (i % 7 === 3 ? { value: NaN, raw: `nan${i}` } : {}))
    const all = samplesOf(given)
    const parts = [all.slice(12), all.slice(0, 4), all.slice(4, 5), all.slice(5, 12)]
    const [first, ...others] = parts.map((part) => chunkOf(0, 0, part))
    expect(samplesOf(joined(first!, ...others))).toEqual(all)
    expect(() => joined(first!, ...others, chunkOf(0, 0, all.slice(7, 8)))).toThrow('a sample 7 is there already')
  })

  test('refuses a second sample of one ordinal', () => {
    expect(() => joined(chunk(5), chunk(3))).toThrow('a sample 0 is there already')
    expect(() => chunkOf(0, 0, [sample(4), sample(4)])).toThrow('a sample 4 is there already')
  })

  test('costs nothing for what is regular, and a byte a sample for lines of about one length', () => {
    expect(restBytes(chunk(256))).toBe(0)
    expect(restBytes(chunk(256, (i) => ({ timeMs: 1.7e12 + i * 250, epoch: i / 100 })))).toBe(0)
    expect(restBytes(chunk(256, (i) => ({ offset: i * 80 + (i % 5) })))).toBe(256)
    expect(restBytes(chunk(256, (i) => ({ timeMs: 1.7e12 + i * 250 + ((i * 37) % 900) })))).toBe(512)
    expect(restBytes(chunk(256, (i) => ({ epoch: Math.floor(i / 100) / 10 })))).toBe(256)
  })

  test('has a checksum that every change changes', () => {
    const given = chunk(20, (i) => ({ timeMs: i, epoch: i / 10, ...(i === 4 ? { value: NaN, raw: 'nan' } : {}) }))
    const checksum = (of: SampleChunk, raws = of.raws) => checksumOf(packChunk(of), raws)
    const changed = (column: 'values' | 'steps' | 'offsets' | 'timesMs' | 'epochs', i: number, value: number) => {
      const other = given[column].slice()
      other[i] = value
      return checksum({ ...given, [column]: other })
    }
    const sums = [
      checksum(given),
      changed('values', 3, 1 + Number.EPSILON),
      changed('values', 4, Infinity),
      changed('steps', 0, 1),
      changed('steps', 7, NaN),
      changed('offsets', 19, 0),
      changed('timesMs', 2, 3),
      changed('epochs', 2, 3),
      checksum({ ...given, attempt: 1 }),
      checksum({ ...given, bucket: 1 }),
      checksum(given, new Map([[4, 'NaN']])),
      checksum(given, new Map()),
    ]
    expect(new Set(sums).size).toBe(sums.length)
  })
})
