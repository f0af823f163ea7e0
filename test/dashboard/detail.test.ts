import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadDetail, needsDetail } from '../../dashboard/detail.ts'
import { appendSamples, emptySeries, seriesFromEnvelope } from '../../dashboard/series-store.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { answerOf, envelopeOf, infoOf, type TestSample } from './samples.ts'

const PAGE = 500

function serverOf(samples: readonly TestSample[]) {
  return { samples: async (id: number, after: number) => answerOf(id, samples, after + 1, PAGE) }
}

test('a closer look holds every sample of its stretch, however unevenly the steps are spread', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 200, maxLength: 3000 }),
      fc.integer({ min: 2, max: 30 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      async (gaps, buckets, at) => {
        const steps = gaps.map((_, i) => gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap))
        const samples = steps.map((step, i): TestSample => ({ step, value: metricValue(i) }))
        const step = steps.at(-1)!
        const range = { from: Math.floor(step * at), to: Math.floor(step * (at + 0.1)) }
        const series = seriesFromEnvelope(envelopeOf(1, samples, buckets))
        if (!needsDetail(series, range)) return

        const detail = await loadDetail(serverOf(samples), series, range)

        const expected = samples.filter((sample) => sample.step! >= range.from && sample.step! <= range.to)
        const rows = detail!.rows
        const found = [...rows.xFrom.subarray(0, rows.length)].filter((x) => x >= range.from && x <= range.to)
        expect(found).toEqual(expected.map((sample) => sample.step))
      },
    ),
    { numRuns: 40 },
  )
})

test('a series that is here sample by sample needs no closer look', () => {
  const samples = Array.from({ length: 300 }, (_, step): TestSample => ({ step, value: metricValue(step) }))
  const series = emptySeries(infoOf(1, 300))
  appendSamples(series, answerOf(1, samples))
  expect(needsDetail(series, { from: 10, to: 20 })).toBe(false)
})

test('a stretch with many samples per pixel is not loaded, and a shorter one is', () => {
  const samples = Array.from({ length: 200_000 }, (_, step): TestSample => ({ step, value: metricValue(1) }))
  const series = seriesFromEnvelope(envelopeOf(1, samples, 200))
  expect(needsDetail(series, { from: 0, to: 150_000 })).toBe(false)
  expect(needsDetail(series, { from: 50_000, to: 60_000 })).toBe(true)
})
