import { type Silence, type StallParams, silenceOf } from '../job/write-intervals.ts'
import type { LogRule } from './log-rule.ts'
import { cleared, raised, unchanged } from './rule.ts'
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
    fires:
      'after the longest of a minute, 10 times the median interval between the last lines, 5 times the longest interval of training, and twice the longest pause for an evaluation or a checkpoint; at the beginning, and in the first pause, after 20 minutes ([more](architecture.md#what-a-stall-is))',
    severity: 'warning; critical from twice as long',
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
