import { CRITICAL_LIMITS, type Silence, type StallParams, silenceOf } from '../job/write-intervals.ts'
import type { LogRule } from './log-rule.ts'
import { cleared, raised, unchanged } from './rule.ts'
import { period, times } from './threshold-wording.ts'
import { duration } from './wording.ts'

interface StallFacts {
  readonly silence: Silence
}

/**
 * A run that is not written to for far longer than its own intervals explain.
 *
 * Only the clock of the daemon shows a silence, so replaying a log never finds one.
 */
export const stall: LogRule<'stall', StallFacts, StallParams, null> = {
  name: 'stall',
  version: 1,
  defaults: { leastMs: 60_000, firstMs: 1_200_000, medians: 10, longests: 5, pauses: 2 },
  needs: ['clock'],
  document: {
    about: 'nothing was written for far longer than the pace of the run explains',
    watches: 'the time since a run was last written to, while the daemon runs',
    fires: ({ leastMs, medians, longests, pauses, firstMs }) =>
      `after the longest of ${period(leastMs)}, ${times(medians)} the median interval between the last lines, ${times(longests)} the longest interval of training, and ${times(pauses)} the longest pause for an evaluation or a checkpoint; at the beginning, and in the first pause, after ${period(firstMs)} ([more](architecture.md#what-a-stall-is))`,
    severity: () => `warning; critical from ${times(CRITICAL_LIMITS)} as long`,
  },

  headline: (_at, { silence }) => `nothing was written for ${duration(silence.quietMs)}.`,

  observes: ['silence', 'growth'],

  start: () => null,

  step(state, event, params, standing) {
    if (event.kind === 'growth') return standing === null ? unchanged(state) : cleared(state)
    if (event.kind !== 'silence') return unchanged(state)
    const silence = silenceOf(event.intervals, event.nowMs, params)
    const isNews = silence !== null && standing !== 'critical' && standing !== silence.severity
    return isNews ? raised(state, silence.severity, { silence }) : unchanged(state)
  },
}
