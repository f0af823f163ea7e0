import { describe, expect, test } from 'vitest'
import type { DetectorInput } from '../../../src/core/detect/detector.ts'
import { logZero } from '../../../src/core/detect/log-zero.ts'
import { testDetector } from './conformance.ts'
import { findingsIn, seenBatch, seenSample } from './observations.ts'

const CLEAN = [0.5, 0.9]
const ZERO = [0.5, 0]
const BROKEN = [0.5, Number.NaN]

testDetector(logZero, {
  healthy: Array.from({ length: 20 }, (_, step) => seenBatch(CLEAN, { step })),
  fault: [seenBatch(ZERO, { step: 20 })],
  poison: [seenBatch(BROKEN), seenBatch([Number.NaN]), seenBatch(CLEAN, { reported: Number.NaN })],
})

/** One batch at each step, and what was found at which: `warning 1`, `clear 11`. */
function storyOf(batches: readonly { readonly rows: readonly number[]; readonly reported?: number }[]): string[] {
  const seen = batches.map(({ rows, reported }, step) =>
    seenBatch(rows, reported === undefined ? { step } : { step, reported }),
  )
  return findingsIn(logZero, seen).map((finding) =>
    finding.kind === 'raise' ? `${finding.severity} ${finding.at.step}` : `clear ${finding.at.step}`,
  )
}

function times(count: number, rows: readonly number[], reported?: number) {
  return Array.from({ length: count }, () => (reported === undefined ? { rows } : { rows, reported }))
}

describe('log-zero', () => {
  const cases = [
    { name: 'nothing on clean batches', batches: times(5, CLEAN), story: [] },
    { name: 'a warning before the log says anything', batches: times(1, ZERO), story: ['warning 0'] },
    { name: 'a warning while the job reports a finite loss', batches: times(1, ZERO, 2.3), story: ['warning 0'] },
    { name: 'critical where the reported loss is infinite', batches: times(1, ZERO, Infinity), story: ['critical 0'] },
    { name: 'critical where the reported loss is NaN', batches: times(1, ZERO, Number.NaN), story: ['critical 0'] },
    { name: 'a zero that stays is one incident', batches: times(30, ZERO), story: ['warning 0'] },
    {
      name: 'worse when the reported loss breaks',
      batches: [...times(2, ZERO, 2.3), ...times(2, ZERO, Infinity)],
      story: ['warning 0', 'critical 2'],
    },
    {
      name: 'no better when the reported loss is finite again',
      batches: [...times(1, ZERO, Infinity), ...times(2, ZERO, 2.3), ...times(1, ZERO, Infinity)],
      story: ['critical 0'],
    },
    {
      name: 'ten clean batches end it',
      batches: [...times(1, ZERO), ...times(10, CLEAN)],
      story: ['warning 0', 'clear 10'],
    },
    { name: 'nine clean batches do not', batches: [...times(1, ZERO), ...times(9, CLEAN)], story: ['warning 0'] },
    {
      name: 'batches of NaN neither end it nor begin the count again',
      batches: [...times(1, ZERO), ...times(5, CLEAN), ...times(20, BROKEN), ...times(5, CLEAN)],
      story: ['warning 0', 'clear 30'],
    },
    { name: 'a NaN in the predictions is no zero', batches: times(1, BROKEN, Number.NaN), story: [] },
    { name: 'a NaN loss without a zero is not its business', batches: times(1, CLEAN, Number.NaN), story: [] },
  ]
  for (const { name, batches, story } of cases) {
    test(name, () => expect(storyOf(batches)).toEqual(story))
  }

  test('a zero of four decimals is none, for it may be anything below 0.00005', () => {
    for (const reported of [{}, { reported: 2.3 }, { reported: Number.NaN }]) {
      expect(findingsIn(logZero, [seenBatch([0.0123, 0.2468, 0], reported)])).toEqual([])
    }
    expect(findingsIn(logZero, [seenBatch([0.8413447460685429, 0.9772498680518208, 0])])).toHaveLength(1)
  })

  test('a zero of float16 is one only where the loss has failed: what is below 3e-8 may have been stored so', () => {
    const stored = { dtype: 'float16' as const }
    expect(findingsIn(logZero, [seenBatch(ZERO, stored), seenBatch(ZERO, { ...stored, reported: 2.3 })])).toEqual([])
    expect(findingsIn(logZero, [seenBatch(ZERO, { ...stored, reported: Infinity })])).toHaveLength(1)
    expect(findingsIn(logZero, [seenBatch(ZERO, { dtype: 'float32' })])).toHaveLength(1)
  })

  test('it carries the measure that the diagnosis speaks of', () => {
    expect(findingsIn(logZero, [seenBatch(ZERO, { reported: Infinity })])).toMatchObject([
      { rule: 'log-zero', facts: { measure: { zeroOnTruth: { count: 1, rows: [1] } }, reportedLoss: 'Infinity' } },
    ])
  })

  test('it looks at batches only', () => {
    expect(logZero.watches('batch', 'nanwatch/cross_entropy', 'other')).toBe(true)
    expect(logZero.watches('sample', 'loss', 'train_loss')).toBe(false)
    const samples: DetectorInput[] = [seenSample(0), seenSample(Infinity)]
    expect(findingsIn(logZero, samples)).toEqual([])
  })
})
