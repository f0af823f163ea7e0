import type { CrashClass } from './crash-class.ts'
import { endedBySignal } from './ended-by-signal.ts'

/** C8: somebody, or something, that asks it to stop. */
export const stopped = {
  code: 'C8-stopped',
  kind: 'stopped',
  why: 'The job was told to stop.',
  fix: 'If nobody meant it to, look who sent the signal: the scheduler says so in its accounting.',
  next: 'The accounting of the scheduler, and the other jobs of the machine, at the time of the last line.',
  says: [
    /\bkeyboardinterrupt\b/,
    /(?:received|caught|got|handling) (?:signal )?(?:sigterm|sigint)|sig(?:term|int) (?:received|caught)|sigtermexception/,
    /(?:received|caught|got) (?:termination )?signal:? (?:15|2)\b/,
    /systemexit: (?:143|130)\b/,
    /signalexception: process \d+ got signal: (?:15|2)\b/,
  ],
  surely: [
    /(?:(?:with|by) signal |signals\.)sig(?:term|int)\b/,
    /signal 15 \(sigterm\)|signal 2 \(sigint\)/,
    /`termination signal` is detected/,
    /\*\*\* (?:job|step) .{0,80}cancelled at/,
    /term_owner|term_admin/,
    endedBySignal('15|2', '(?:terminated|interrupt)'),
    /[:：] *\d+ +(?:beendet|завершено|terminado|已终止|終了しました|завершён|terminé|complété) {2}/,
    /^terminated(?:$|: 15$)|: line \d+: +\d+ terminated\b|\*\*\* \[.{1,160}\] (?:terminated|interrupt)$/,
  ],
  exitCodes: [-15, -2, 143, 130],
  isOrdered: true,
  part: 'teardown',
} as const satisfies CrashClass
