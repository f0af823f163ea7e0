import { CRITICAL_LIMITS, type Silence, type StallParams, silenceOf } from '../job/write-intervals.ts'
import { processText, type WritingProcess } from '../job/writer.ts'
import type { LogRule } from './log-rule.ts'
import { cleared, lowered, raised, unchanged } from './rule.ts'
import { period, times } from './threshold-wording.ts'
import { duration } from './wording.ts'

interface StallFacts {
  readonly silence: Silence
  /** A living process that holds the log open for writing. An earlier version did not look for one. */
  readonly holder?: WritingProcess | null
}

/**
 * A run that is not written to for far longer than its own intervals explain.
 *
 * Only the clock of the daemon shows a silence, so replaying a log never finds one. A process that holds the log open
 * and writes nothing hangs. Where no process can be seen nobody knows, so nobody is woken.
 */
export const stall: LogRule<'stall', StallFacts, StallParams, null> = {
  name: 'stall',
  version: 1,
  defaults: { leastMs: 60_000, firstMs: 1_200_000, medians: 10, longests: 5, pauses: 2 },
  needs: ['clock'],
  failureSign: { weight: 1 },
  document: {
    about: 'nothing was written for far longer than the pace of the run explains',
    watches:
      'the time since a run was last written to, while the daemon runs, and whether a process holds its logs open',
    fires: ({ leastMs, medians, longests, pauses, firstMs }) =>
      `after the longest of ${period(leastMs)}, ${times(medians)} the median interval between the last lines, ${times(longests)} the longest interval of training, and ${times(pauses)} the longest pause for an evaluation or a checkpoint; at the beginning, and in the first pause, after ${period(firstMs)}; where no process is seen to hold a log open, not before \`idleAfterMs\` ([more](architecture.md#what-a-stall-is))`,
    severity: ({ firstMs }) =>
      `warning; critical from ${times(CRITICAL_LIMITS)} as long where a living process holds a log open for writing, and where its last line is no record, or not whole, not before ${period(CRITICAL_LIMITS * firstMs)}`,
  },

  headline(_at, { silence, holder }) {
    const quiet = `nothing was written for ${duration(silence.quietMs)}`
    if (holder === undefined) return `${quiet}.`
    return holder === null
      ? `${quiet}; whether the job lives cannot be seen from here.`
      : `${quiet}, and process ${processText(holder)} still holds the log open.`
  },

  observes: ['silence', 'growth', 'end'],

  start: () => null,

  step(state, event, params, standing) {
    if (event.kind === 'growth' || event.kind === 'end') return standing === null ? unchanged(state) : cleared(state)
    if (event.kind !== 'silence') return unchanged(state)
    const { intervals, nowMs, holder, lostAfterMs } = event
    const silence = silenceOf(intervals, nowMs, params)
    if (silence === null) return unchanged(state)
    // Its holder is not seen any more, or an earlier version did not look for one.
    if (holder === null && standing === 'critical') return lowered(state, 'warning', { silence, holder })
    if (holder === null && silence.quietMs < lostAfterMs) return unchanged(state)
    const severity = holder !== null && silence.quietMs >= silence.criticalMs ? 'critical' : 'warning'
    const isNews = standing !== 'critical' && standing !== severity
    return isNews ? raised(state, severity, { silence, holder }) : unchanged(state)
  },
}
