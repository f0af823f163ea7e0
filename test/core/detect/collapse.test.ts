import { describe, expect, test } from 'vitest'
import { collapse } from '../../../src/core/detect/collapse.ts'
import { testDetector } from './conformance.ts'
import { curve } from './noise.ts'
import { findingsIn, seenBatch, storyOf } from './observations.ts'

const FINE = curve(32, (index) => 0.65 + index / 100)
const UNIFORM = curve(32, () => 0.5001)
const SURE = curve(32, (index) => (index % 4 === 0 ? 1e-6 : 1 - 1e-6))
const SATURATED = curve(32, (index) => (index === 5 ? 0 : 0.9))

function batches(count: number, rows: readonly number[]) {
  return curve(count, (index) => index).map((step) => seenBatch(rows, { step }))
}

testDetector(collapse, {
  healthy: batches(20, FINE),
  fault: [...batches(1, FINE), ...batches(3, UNIFORM)],
  poison: [seenBatch(curve(32, () => Number.NaN))],
})

describe('collapse of the predictions', () => {
  for (const [sign, rows] of [
    ['uniform', UNIFORM],
    ['overconfident', SURE],
    ['saturated', SATURATED],
  ] as const) {
    test(`tells ${sign} predictions at the third batch`, () => {
      const seen = [...batches(1, FINE), ...batches(5, rows)]
      expect(findingsIn(collapse, seen)).toMatchObject([{ at: { step: 2 }, facts: { sign } }])
    })
  }

  test('is none where the file holds half a precision: a 1 of float16 is anything above 0.9998', () => {
    const seen = [0, 1, 2, 3, 4].map((step) => seenBatch(SATURATED, { step, dtype: 'float16' }))
    expect(storyOf(collapse, seen)).toEqual([])
  })

  test('is over after three other batches', () => {
    const seen = [...batches(1, FINE), ...batches(3, UNIFORM), ...batches(4, FINE)]
    expect(storyOf(collapse, seen)).toEqual(['raise 2', 'clear 2'])
  })

  test('a last layer that begins at 0 favours no class, and leaves that behind', () => {
    const slightly = curve(32, () => 0.52)
    const seen = [...batches(60, UNIFORM), ...batches(20, slightly), ...batches(3, UNIFORM), ...batches(9, FINE)]
    expect(storyOf(collapse, seen)).toEqual([])
  })

  test('predictions that have favoured no class for a thousand batches are stuck', () => {
    expect(storyOf(collapse, batches(1100, UNIFORM))).toEqual(['raise 1002'])
  })

  test('a batch of few rows says nothing', () => {
    expect(storyOf(collapse, batches(5, UNIFORM.slice(0, 8)))).toEqual([])
  })

  test('sure and right is what a trained model is', () => {
    expect(
      storyOf(
        collapse,
        batches(
          5,
          curve(32, () => 1 - 1e-6),
        ),
      ),
    ).toEqual([])
  })
})
