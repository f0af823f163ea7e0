import { describe, expect, test } from 'vitest'
import { isOfUser } from '../../../src/core/detect/finding.ts'
import { saturation } from '../../../src/core/detect/saturation.ts'
import { testDetector } from './conformance.ts'
import { findingsIn, seenBatch, storyOf } from './observations.ts'

/** One batch at each step whose worst row costs so many nats. */
const batchesOf = (nats: readonly number[], stepsEach = 1) =>
  nats.map((worst, i) => seenBatch([0.9, Math.exp(-worst)], { step: i * stepsEach }))

const times = (count: number, nats: number) => Array.from({ length: count }, () => nats)

/** Growing by a fifth from block to block of ten. */
const GROWING = Array.from({ length: 100 }, (_, i) => 3 * 1.2 ** (i / 10))

testDetector(saturation, {
  healthy: batchesOf(times(60, 2)),
  fault: batchesOf(GROWING),
  poison: [seenBatch([NaN, 0.5]), seenBatch([0, 0.5]), seenBatch([])],
})

describe('saturation', () => {
  const cases = [
    { name: 'a loss of a row that grows by a factor is told of once it matters', nats: GROWING, story: ['raise 99'] },
    { name: 'a large one that stands still is none', nats: times(200, 25), story: [] },
    { name: 'one that shrinks is none', nats: [...GROWING].reverse().map((nats) => nats / 2), story: [] },
    {
      name: 'a growth that would take thousands of batches is none',
      nats: [...times(10, 12), ...times(10, 12.1)],
      story: [],
    },
    { name: 'a single row near the end of float32 is enough', nats: [...times(5, 1), 35], story: ['raise 5'] },
    {
      name: 'two calm blocks end it',
      nats: [35, ...times(9, 1), ...times(20, 1)],
      story: ['raise 0', 'clear 29'],
    },
  ]
  for (const { name, nats, story } of cases) {
    test(name, () => expect(storyOf(saturation, batchesOf(nats))).toEqual(story))
  }

  test('it foretells within a tenth when a steady growth reaches log(0), in steps', () => {
    for (const stepsEach of [1, 50]) {
      const [finding] = findingsIn(saturation, batchesOf(GROWING, stepsEach))
      if (finding?.kind !== 'raise' || isOfUser(finding) || finding.rule !== 'saturation') throw new Error('no warning')
      // 3 · 1.2^(i/10) is 150 ln 2 at this i.
      const end = (10 * Math.log((150 * Math.LN2) / 3)) / Math.log(1.2)
      const left = end * stepsEach - finding.at.step!
      expect(finding.facts.stepsLeft! / left).toBeGreaterThan(0.9)
      expect(finding.facts.stepsLeft! / left).toBeLessThan(1.1)
    }
  })

  test('numbers in half a precision do not tell how near the job is to it', () => {
    const seen = [0, 1, 2].map((step) => seenBatch([0.9, Math.exp(-35)], { step, dtype: 'bfloat16' }))
    expect(storyOf(saturation, seen)).toEqual([])
  })

  test('logits and log-probabilities have no logarithm of a probability before them', () => {
    const seen = batchesOf(times(3, 50)).map((each) => {
      if (each.kind !== 'batch') throw new Error('no batch')
      return { ...each, measure: { ...each.measure, kind: 'logits' as const } }
    })
    expect(storyOf(saturation, seen)).toEqual([])
  })
})
