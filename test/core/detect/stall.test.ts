import { describe, expect, test } from 'vitest'
import type { LogEvent } from '../../../src/core/detect/log-rule.ts'
import { stall } from '../../../src/core/detect/stall.ts'
import { type WriteIntervals, withLines } from '../../../src/core/job/write-intervals.ts'
import type { Severity } from '../../../src/protocol/alert.ts'

/** A run that was written to every ten seconds, and so is silent for too long after a hundred. */
const intervals: WriteIntervals = Array.from({ length: 20 }, (_, i) => i * 10_000).reduce<WriteIntervals | undefined>(
  (before, ms) => withLines(before, ms, { isPause: false, isComplete: false }),
  undefined,
)!

function silentFor(quietMs: number): LogEvent {
  return { kind: 'silence', intervals, nowMs: intervals.lastMs + quietMs }
}

/** What the rule finds while its alert stands at a severity: `raise warning`, `clear`, or nothing. */
function found(event: LogEvent, standing: Severity | null): string[] {
  return stall
    .step(null, event, stall.defaults, standing)
    .findings.map((finding) => (finding.kind === 'raise' ? `raise ${finding.severity}` : finding.kind))
}

describe('a stall', () => {
  test('is a warning, and critical from twice as long', () => {
    expect(found(silentFor(99_000), null)).toEqual([])
    expect(found(silentFor(100_000), null)).toEqual(['raise warning'])
    expect(found(silentFor(200_000), null)).toEqual(['raise critical'])
  })

  test('is reported once for each severity', () => {
    expect(found(silentFor(150_000), 'warning')).toEqual([])
    expect(found(silentFor(250_000), 'warning')).toEqual(['raise critical'])
    expect(found(silentFor(250_000), 'critical')).toEqual([])
    // It was critical by thresholds that have changed since.
    expect(found(silentFor(150_000), 'critical')).toEqual([])
  })

  test('is over when something is written, and where there is none nothing is', () => {
    expect(found({ kind: 'growth' }, 'warning')).toEqual(['clear'])
    expect(found({ kind: 'growth' }, null)).toEqual([])
  })

  test('says for how long nothing was written', () => {
    const { findings } = stall.step(null, silentFor(150_000), stall.defaults, null)
    const at = { metric: 'loss', role: 'train_loss', step: 1, attempt: 0, offset: 0, value: 'NaN', time: null } as const
    if (findings[0]?.kind !== 'raise') throw new Error('no stall')
    expect(stall.headline(at, findings[0].facts)).toBe('nothing was written for 3 min.')
  })
})
