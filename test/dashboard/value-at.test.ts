import { describe, expect, test } from 'vitest'
import { appendSamples, emptySeries, seriesFromEnvelope } from '../../dashboard/series-store.ts'
import { newestValue, valueAt } from '../../dashboard/value-at.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { answerOf, envelopeOf, infoOf, type TestSample } from './samples.ts'

const sample = (step: number, value: number, attempt = 0): TestSample => ({ step, value: metricValue(value), attempt })

describe('under the cursor', () => {
  const series = emptySeries(infoOf(1, 7))
  const samples = [
    sample(20, 2),
    sample(40, 4),
    sample(60, 6),
    sample(40, 44, 1),
    sample(60, 66, 1),
    sample(100, Number.NaN, 1),
    sample(120, 12, 1),
  ]
  appendSamples(series, answerOf(1, samples))
  const cases = [
    { name: 'a value where one is', x: 20, text: '2' },
    { name: 'the nearest value between two', x: 27, text: '2' },
    { name: 'the last attempt where two came by', x: 41, text: '44' },
    { name: 'a NaN by name', x: 99, text: 'NaN' },
    { name: 'the value nearer than a NaN', x: 70, text: '66' },
    { name: 'nothing before the first sample', x: 3, text: '–' },
    { name: 'nothing after the last', x: 500, text: '–' },
  ]
  for (const { name, x, text } of cases) test(name, () => expect(valueAt(series, x).text).toBe(text))
})

test('a stretch that is here only merged reads as its extremes', () => {
  const samples = Array.from({ length: 100 }, (_, step) => sample(step, step))
  expect(valueAt(seriesFromEnvelope(envelopeOf(1, samples, 10)), 55).text).toBe('50 … 59')
})

test('the newest value may be the one that broke', () => {
  const series = emptySeries(infoOf(1, 2))
  appendSamples(series, answerOf(1, [sample(1, 2), sample(2, Number.NEGATIVE_INFINITY)]))
  expect(newestValue(series)).toEqual({ text: '-Infinity', isBroken: true })
})
