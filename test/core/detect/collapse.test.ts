import { describe, expect, test } from 'vitest'
import { collapse } from '../../../src/core/detect/collapse.ts'
import { testDetector } from './conformance.ts'
import { curve } from './noise.ts'
import { findingsIn, seenBatch, storyOf } from './observations.ts'

const FINE = curve(32, (index) => 0.55 + index / 100)
const UNIFORM = curve(32, () => 0.5001)
const SURE = curve(32, (index) => (index % 4 === 0 ? 1e-6 : 1 - 1e-6))
const SATURATED = curve(32, (index) => (index === 5 ? 0 : 0.9))

function batches(count: number, rows: readonly number[]) {
  return curve(count, (index) => index).map((step) => seenBatch(rows, { step }))
}

testDetector(collapse, {
  healthy: batches(20, FINE),
  fault: batches(3, UNIFORM),
  poison: [seenBatch(curve(32, () => Number.NaN))],
})

describe('collapse of the predictions', () => {
  for (const [sign, rows] of [
    ['uniform', UNIFORM],
    ['overconfident', SURE],
    ['saturated', SATURATED],
  ] as const) {
    test(`tells ${sign} predictions at the third batch`, () => {
      expect(findingsIn(collapse, batches(5, rows))).toMatchObject([{ at: { step: 2 }, facts: { sign } }])
    })
  }

  test('is over after three other batches', () => {
    expect(storyOf(collapse, [...batches(3, UNIFORM), ...batches(4, FINE)])).toEqual(['raise 2', 'clear 2'])
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
