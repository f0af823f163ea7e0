import type { CrashClass } from './crash-class.ts'
import { endedBySignal } from './ended-by-signal.ts'

/** C30: native code that ends itself. */
export const aborted = {
  code: 'C30-aborted',
  kind: 'fatal',
  why: 'Native code found an error from which it cannot go on, and ended the process.',
  fix: 'Look at the words above the abort; a Python line that leads there is shown with PYTHONFAULTHANDLER=1.',
  next: 'The last lines before it: what() of an exception, or the condition of a failed check.',
  surely: [
    /(?:(?:with|by) signal |signals\.)sigabrt\b/,
    /terminate called after throwing|terminate called without|terminating (?:due to|with) uncaught|libc\+\+abi: terminating/,
    /signal 6 \(sigabrt\)|^aborted(?:$| \(core)|: line \d+: +\d+ aborted\b|\*\*\* \[.{1,160}\] aborted\b|fatal python error: aborted/,
    /check failure stack trace|^f\d{4} \d\d:\d\d.{0,80}check failed|\d: f [\w./-]{1,120}:\d+\]/,
    /fatal python error/,
    endedBySignal('6', 'abort(?:ed)?'),
    /^abort trap: 6$|^zsh: (?:trace trap|quit)\b|^trace\/breakpoint trap\b|^\(?core dumped\)?\W*$/,
    /^(?:abgebrochen|abandon|abortado|annullato|аварийный останов|已放弃|已中止|中止) ?[(（]/,
  ],
  exitCodes: [-6, 134],
  isGeneral: true,
} as const satisfies CrashClass
