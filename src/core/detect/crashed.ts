import { isOrdered } from '../crashes/index.ts'
import type { Crash } from '../job/last-words.ts'
import type { LogRule } from './log-rule.ts'
import { cleared, lowered, raised, type Thresholds, unchanged } from './rule.ts'

interface CrashedFacts {
  readonly crash: Crash
}

/**
 * A job that died, or may have died, as the last words of its log say.
 *
 * `job/last-words.ts` reads what these words mean. The state of the run comes from there as well, so a run is `crashed`
 * even if this rule is switched off.
 */
export const crashed: LogRule<'crashed', CrashedFacts, Thresholds, null> = {
  name: 'crashed',
  version: 1,
  defaults: {},
  needs: ['lines-without-data'],
  failureSign: { weight: 5 },
  document: {
    about: 'the last words of a log are those of a job that dies',
    watches: 'lines without data, and the exit code at the end of a `.wandb` file',
    fires: () =>
      'at the line that completes a traceback, or tells of a fault, a kill, memory that ran out, a node that failed, a time-out, a stop or an exit code other than 0; over with the next record of the same file, or of a job that begins again in another ([more](architecture.md#what-a-crash-is))',
    severity: () =>
      'critical; warning where the job was stopped, came to its time limit or had finished; info as long as it may have caught it, and where training, or the job, went on',
  },

  headline(_at, { crash: { line, severity, kind, isAfterEnd, isOutlived } }) {
    const words = line.trim().replace(/\.$/, '')
    if (isOutlived === true) return `the job went on after this: ${words}.`
    if (isAfterEnd === true) return `after its training had ended the job failed: ${words}.`
    const what = severity === 'critical' || isOrdered(kind) ? 'the job ended' : 'the job may have ended'
    return `${what}: ${words}.`
  },

  observes: ['death', 'revival'],

  start: () => null,

  step(state, event) {
    if (event.kind === 'death') {
      const { crash } = event
      return (crash.isLessGrave === true ? lowered : raised)(state, crash.severity, { crash })
    }
    if (event.kind !== 'revival') return unchanged(state)
    if (event.how === 'restarted') return cleared(state)
    if (event.how === 'survived') {
      return { state, findings: [{ kind: 'clear', calledOff: 'It was caught: the job went on to its end.' }] }
    }
    const went = event.step === null ? '' : ` at step ${event.step}`
    return { state, findings: [{ kind: 'clear', calledOff: `It was caught: training went on${went}.` }] }
  },
}
