import { expect, test } from 'vitest'
import { attemptsOf } from '../../dashboard/rows.ts'
import {
  appendSamples,
  columnsFor,
  detailOf,
  emptySeries,
  extentOf,
  seriesFromEnvelope,
} from '../../dashboard/series-store.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { answerOf, envelopeOf, infoOf, type TestSample } from './samples.ts'

function sample(step: number | null, value: number, attempt = 0): TestSample {
  return { step, value: metricValue(value), attempt }
}

function loaded(samples: readonly TestSample[]) {
  const series = emptySeries(infoOf(1, samples.length))
  appendSamples(series, answerOf(1, samples))
  return series
}

test('a non-finite value becomes a mark and never a row', () => {
  const series = loaded([sample(1, 2), sample(2, Number.NaN), sample(3, Number.POSITIVE_INFINITY), sample(4, 3)])
  expect([...series.rows.min.subarray(0, series.rows.length)]).toEqual([2, 3])
  expect([...series.marks.x.subarray(0, series.marks.length)]).toEqual([2, 3])
  expect(extentOf(series)).toEqual({ from: 1, to: 4 })
})

test('samples that are here already are not added again', () => {
  const samples = [sample(1, 2), sample(2, 3), sample(3, 4)]
  const series = loaded(samples.slice(0, 2))
  appendSamples(series, answerOf(1, samples))
  expect(series.rows.length).toBe(3)
  expect(series.lastOrdinal).toBe(2)
})

test('each attempt of a resumed run is a stroke of its own', () => {
  const series = loaded([sample(10, 1), sample(20, 2), sample(10, 3, 1), sample(20, 4, 1), sample(30, 5, 1)])
  expect(attemptsOf(series.rows)).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 5 },
  ])
})

test('the first sample of an attempt moves over when the server says so one sample late', () => {
  // Fetched while a lone step that fell still counted as a line out of order.
  const series = loaded([sample(10, 1), sample(20, 2), sample(5, 3, 0)])
  const all = [sample(10, 1), sample(20, 2), sample(5, 3, 1), sample(6, 4, 1)]
  appendSamples(series, answerOf(1, all, 3))
  expect(attemptsOf(series.rows)).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 4 },
  ])
})

test('a log without steps is laid out by its samples', () => {
  const series = loaded([sample(null, 1), sample(null, Number.NaN), sample(null, 2)])
  expect(series.axis).toBe('sample')
  expect(extentOf(series)).toEqual({ from: 0, to: 2 })
})

test('a counter that starts again with each epoch is laid out by its samples', () => {
  const epochs = Array.from({ length: 300 }, (_, i) => sample(i % 100, i))
  const series = loaded(epochs)
  expect(series.axis).toBe('sample')
  expect(extentOf(series)).toEqual({ from: 0, to: 299 })
})

test('one line out of order leaves the axis in steps', () => {
  const samples = Array.from({ length: 100 }, (_, i) => sample(i === 50 ? 40 : i, i))
  expect(loaded(samples).axis).toBe('step')
})

const long = Array.from({ length: 5000 }, (_, i) =>
  sample(i, i === 1234 ? 99 : i === 3000 ? Number.NEGATIVE_INFINITY : Math.sin(i)),
)

test('an envelope keeps the extremes and every non-finite value', () => {
  const series = seriesFromEnvelope(envelopeOf(1, long, 50))
  expect(series.rows.length).toBe(50)
  expect(Math.max(...series.rows.max.subarray(0, 50))).toBe(99)
  expect([series.marks.length, series.marks.x[0]]).toEqual([1, 3000])
  expect(extentOf(series)).toEqual({ from: 0, to: 4999 })
})

test('what is newer than an envelope is appended to it sample by sample', () => {
  const series = seriesFromEnvelope(envelopeOf(1, long.slice(0, 4000), 40))
  appendSamples(series, answerOf(1, long, 4000))
  expect(series.rows.length).toBe(1040)
  expect(series.lastOrdinal).toBe(4999)
})

test('the newest value of an envelope is known once its last sample has been asked for', () => {
  const series = seriesFromEnvelope(envelopeOf(1, long, 50))
  expect(series.newest).toBeNull()
  appendSamples(series, answerOf(1, long, 4999))
  expect(series.newest).toBe(Math.sin(4999))
  expect(series.rows.length).toBe(50)
})

function resumed(upTo: number, from: number, to: number): TestSample[] {
  const first = Array.from({ length: upTo }, (_, i) => sample(i, 1))
  return [...first, ...Array.from({ length: to - from }, (_, i) => sample(from + i, 2, 1))]
}

function strokesOf(samples: readonly TestSample[], buckets: number) {
  const { rows } = seriesFromEnvelope(envelopeOf(1, samples, buckets))
  return attemptsOf(rows).map(({ start, end }) => [rows.xFrom[start], rows.xTo[end - 1]])
}

test('an envelope of a resumed run has a stroke for each attempt', () => {
  expect(strokesOf(resumed(100, 50, 150), 20)).toEqual([
    [0, 99],
    [50, 149],
  ])
})

test('a bucket in which the job went back stands at the end of one attempt and at the start of the next, not between', () => {
  expect(strokesOf(resumed(105, 50, 145), 20)).toEqual([
    [0, 104],
    [50, 144],
  ])
  const { rows } = seriesFromEnvelope(envelopeOf(1, resumed(105, 50, 145), 20))
  const widest = Math.max(...Array.from({ length: rows.length }, (_, i) => rows.xTo[i]! - rows.xFrom[i]!))
  expect(widest).toBeLessThanOrEqual(10)
})

test('a line out of order begins no stroke in an envelope either', () => {
  const samples = Array.from({ length: 100 }, (_, i) => sample(i === 50 ? 47 : i, i))
  expect(strokesOf(samples, 20)).toEqual([[0, 99]])
})

test('an envelope of a counter that starts again with each epoch is laid out by its samples', () => {
  const samples = Array.from({ length: 3000 }, (_, i) => sample(i % 100, i))
  expect(seriesFromEnvelope(envelopeOf(1, samples, 60)).axis).toBe('sample')
})

test('non-finite values that an envelope leaves out are counted', () => {
  const samples = Array.from({ length: 100 }, (_, i) => sample(i, i % 2 === 0 ? Number.NaN : 1))
  const series = seriesFromEnvelope(envelopeOf(1, samples, 10))
  expect([series.marks.length, series.unlistedMarks]).toEqual([10, 40])
})

test('a bucket without a finite value is no row', () => {
  const samples = Array.from({ length: 100 }, (_, i) => sample(i, i >= 50 ? Number.NaN : 1))
  const series = seriesFromEnvelope(envelopeOf(1, samples, 10))
  expect(series.rows.length).toBe(5)
  expect(series.marks.length).toBe(5)
})

test('a closer look is drawn from its own rows, and grows with the series when it reaches its end', () => {
  const series = seriesFromEnvelope(envelopeOf(1, long.slice(0, 4000), 40))
  series.detail = detailOf(series, { from: 3900, to: 3999 }, [answerOf(1, long.slice(0, 4000), 3890)])
  expect(columnsFor(series, { from: 3950, to: 4500 }).rows).toBe(series.detail.rows)
  expect(columnsFor(series, { from: 100, to: 200 }).rows).toBe(series.rows)
  appendSamples(series, answerOf(1, long, 4000))
  expect(series.detail.rows.length).toBe(1110)
})
