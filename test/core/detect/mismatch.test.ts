import { describe, expect, test } from 'vitest'
import type { DetectorInput } from '../../../src/core/detect/detector.ts'
import { mismatch } from '../../../src/core/detect/mismatch.ts'
import { findingsIn, seenBatch } from './observations.ts'

const P = [0.7, 0.8, 0.4]
const MEAN = -(Math.log(0.7) + Math.log(0.8) + Math.log(0.4)) / 3

function batches(count: number, reported: number | undefined, from = 0): DetectorInput[] {
  return Array.from({ length: count }, (_, i) =>
    seenBatch(P, reported === undefined ? { step: from + i } : { step: from + i, reported }),
  )
}

describe('mismatch', () => {
  test('warns at the fifth batch in a row whose loss is a sum', () => {
    expect(findingsIn(mismatch, batches(20, 3 * MEAN))).toMatchObject([
      { kind: 'raise', rule: 'mismatch', severity: 'warning', at: { step: 4 } },
    ])
  })

  test('is for information where the unit differs, or nothing explains the number', () => {
    expect(findingsIn(mismatch, batches(5, MEAN / Math.LN2))).toMatchObject([{ severity: 'info' }])
    expect(findingsIn(mismatch, batches(5, MEAN + 1))).toMatchObject([{ severity: 'info' }])
  })

  test('is silent on right losses, on batches without one, and on four that differ', () => {
    expect(findingsIn(mismatch, batches(50, MEAN))).toEqual([])
    expect(findingsIn(mismatch, batches(50, undefined))).toEqual([])
    expect(findingsIn(mismatch, [...batches(4, 3 * MEAN), ...batches(1, MEAN), ...batches(4, 3 * MEAN)])).toEqual([])
  })

  test('a NaN between them neither raises nor clears it', () => {
    const seen = [...batches(4, 3 * MEAN), ...batches(3, Number.NaN, 4), ...batches(1, 3 * MEAN, 7)]
    expect(findingsIn(mismatch, seen)).toMatchObject([{ kind: 'raise', at: { step: 7 } }])
  })

  test('ends after ten batches that agree', () => {
    const seen = [...batches(5, 3 * MEAN), ...batches(9, MEAN, 5), ...batches(1, MEAN, 14)]
    expect(findingsIn(mismatch, seen)).toMatchObject([{ kind: 'raise' }, { kind: 'clear', at: { step: 14 } }])
  })
})
