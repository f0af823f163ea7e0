import { describe, expect, test } from 'vitest'
import type { LogEvent } from '../../../src/core/detect/log-rule.ts'
import { stall } from '../../../src/core/detect/stall.ts'
import { type WriteIntervals, withLines } from '../../../src/core/job/write-intervals.ts'
import type { Severity } from '../../../src/protocol/alert.ts'

/** A run that was written to every ten seconds, and so is silent for too long after a hundred. */
const intervals: WriteIntervals = Array.from({ length: 20 }, (_, i) => i * 10_000).reduce<WriteIntervals | undefined>(
  (before, ms) => withLines(before, ms, { isPause: false }),
  undefined,
)!

const HOLDER = { pid: 4711, name: 'python3' }

function silentFor(quietMs: number, holder: typeof HOLDER | null = HOLDER): LogEvent {
  return { kind: 'silence', intervals, nowMs: intervals.lastMs + quietMs, holder, lostAfterMs: 120_000 }
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

  test('where no process is seen, is a warning once the run may be lost, and never critical', () => {
    expect(found(silentFor(119_000, null), null)).toEqual([])
    expect(found(silentFor(120_000, null), null)).toEqual(['raise warning'])
    expect(found(silentFor(1e9, null), null)).toEqual(['raise warning'])
    expect(found(silentFor(1e9, null), 'warning')).toEqual([])
  })

  test('is over when the run has ended', () => {
    expect(found({ kind: 'end' }, 'critical')).toEqual(['clear'])
    expect(found({ kind: 'end' }, null)).toEqual([])
  })

  test('says for how long nothing was written, and who holds the log', () => {
    const at = { metric: 'loss', role: 'train_loss', step: 1, attempt: 0, offset: 0, value: 'NaN', time: null } as const
    const headline = (event: LogEvent) => {
      const { findings } = stall.step(null, event, stall.defaults, null)
      if (findings[0]?.kind !== 'raise') throw new Error('no stall')
      return stall.headline(at, findings[0].facts)
    }
    expect(headline(silentFor(150_000))).toBe(
      'nothing was written for 3 min, and process 4711 (python3) still holds the log open.',
    )
    expect(headline(silentFor(150_000, null))).toBe(
      'nothing was written for 3 min; whether the job lives cannot be seen from here.',
    )
  })
})
