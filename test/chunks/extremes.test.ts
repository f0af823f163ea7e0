import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkOf, type SampleChunk } from '../../src/chunks/chunk.ts'
import { mergeExtremes, packExtremes, partsOf } from '../../src/chunks/extremes.ts'
import { summaryOf } from '../../src/chunks/summary.ts'

const VALUES = fc.oneof({ weight: 6, arbitrary: fc.double() }, fc.constantFrom(NaN, Infinity, -Infinity))

function chunk(values: readonly number[], { first = 0, attempt = 0 } = {}): SampleChunk {
  const about = { offset: null, timeMs: null, epoch: null, raw: null }
  const samples = values.map((value, i) => ({
    ...about,
    ordinal: first + i,
    value,
    step: i % 7 === 3 ? null : first - i,
  }))
  return chunkOf(0, attempt, samples)
}

test('parts of a chunk, merged again, are what the chunk comes to', () => {
  fc.assert(
    fc.property(fc.array(VALUES, { minLength: 1, maxLength: 100 }), fc.integer({ min: 1, max: 30 }), (values, size) => {
      const whole = chunk(values)
      const parts = partsOf(whole, (ordinal) => Math.floor(ordinal / size))
      expect(parts).toHaveLength(Math.ceil(values.length / size))
      const [merged, ...others] = mergeExtremes([packExtremes(parts)], () => 0)
      expect(others).toEqual([])
      expect({ ...summaryOf(whole), attempt: 0 }).toMatchObject(merged!)
    }),
    { seed: 3, numRuns: 200 },
  )
})

test('attempts that lie between each other stay apart, each in its groups', () => {
  const first = chunk([5, 1, NaN], { first: 0 })
  const second = chunk([2, 9], { first: 1, attempt: 1 })
  const later = chunk([7], { first: 10 })
  const rows = [first, second, later].map((each) => packExtremes([{ ...summaryOf(each), attempt: each.attempt }]))
  const groups = mergeExtremes(rows, (ordinal) => Math.floor(ordinal / 8))
  expect(
    groups.map(({ attempt, firstOrdinal, min, max, firstNan }) => [attempt, firstOrdinal, min, max, firstNan]),
  ).toEqual([
    [0, 0, 1, 5, 2],
    [1, 1, 2, 9, null],
    [0, 10, 7, 7, null],
  ])
})
