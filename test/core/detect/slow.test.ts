import { describe, expect, test } from 'vitest'
import type { DetectorInput } from '../../../src/core/detect/detector.ts'
import type { Finding } from '../../../src/core/detect/finding.ts'
import { slow } from '../../../src/core/detect/slow.ts'
import { testDetector } from './conformance.ts'
import { findingsIn, seenSample } from './observations.ts'

const START_MS = Date.parse('2026-01-01T00:00:00Z')

/** A record for each of these seconds per step, with the time that had passed. */
function taking(secondsPerStep: readonly number[], every = 1): DetectorInput[] {
  let ms = START_MS
  return secondsPerStep.map((seconds, i) => {
    ms += seconds * every * 1000
    return at(new Date(ms).toISOString(), i * every)
  })
}

function at(time: string | null, step: number, attempt = 0): DetectorInput {
  const seen = seenSample(0.5, { step, attempt })
  return { ...seen, time } as DetectorInput
}

function times(count: number, seconds: number): number[] {
  return Array.from({ length: count }, () => seconds)
}

function kinds(findings: readonly Finding[]): (string | number | null)[] {
  return findings.map(({ kind, at: { step } }) => `${kind} ${step}`)
}

describe('slow', () => {
  test('is noted once the newest steps have taken a quarter longer for a while, and ends with it', () => {
    const seen = taking([...times(200, 2), ...times(60, 3), ...times(60, 2)])
    const [raise, ...rest] = findingsIn(slow, seen)
    expect(raise).toMatchObject({ kind: 'raise', severity: 'info', rule: 'slow', facts: { newestMs: 3000 } })
    expect(raise?.at.step).toBeLessThan(230)
    expect(rest.map(({ kind }) => kind)).toEqual(['clear'])
  })

  test('is not a tenth longer, nor a pause now and then', () => {
    expect(findingsIn(slow, taking([...times(200, 2), ...times(200, 2.2)]))).toEqual([])
    expect(findingsIn(slow, taking(Array.from({ length: 400 }, (_, i) => (i % 10 === 9 ? 120 : 2))))).toEqual([])
  })

  test('is by the step: a log that tells of every tenth is no slower', () => {
    const first = taking(times(200, 2))
    const last = START_MS + 400_000
    const later = Array.from({ length: 100 }, (_, i) =>
      at(new Date(last + (i + 1) * 20_000).toISOString(), 199 + 10 * (i + 1)),
    )
    expect(findingsIn(slow, [...first, ...later])).toEqual([])
  })

  test('says nothing of times that are told too coarsely, or not at all', () => {
    const coarse = taking([...times(200, 2), ...times(100, 4)]).map((seen) => ({
      ...seen,
      time: (seen as { time: string }).time.replace('.000Z', 'Z'),
    })) as DetectorInput[]
    expect(findingsIn(slow, coarse)).toEqual([])
    expect(
      findingsIn(
        slow,
        Array.from({ length: 400 }, (_, step) => at(null, step)),
      ),
    ).toEqual([])
  })

  test('does not count the time between two attempts', () => {
    const again = Array.from({ length: 40 }, (_, i) => at(new Date(START_MS + 1e9 + i * 2000).toISOString(), i, 1))
    expect(kinds(findingsIn(slow, [...taking(times(200, 2)), ...again]))).toEqual([])
  })
})

const poison = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => seenSample(value, { step: 0 }))
const fault = Array.from({ length: 400 }, (_, i) => at(new Date(START_MS + 1e6 + i * 9000).toISOString(), 200 + i))
testDetector(slow, { healthy: taking(times(150, 2)), fault, poison })
