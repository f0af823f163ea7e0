import type { CrashClass } from './crash-class.ts'

/** C6: the time that the scheduler gives. */
export const timeLimit = {
  code: 'C6-time-limit',
  kind: 'time-limit',
  why: 'The scheduler ended the job at its time limit.',
  fix: 'Resume from the newest checkpoint, with a longer limit or a checkpoint shortly before it.',
  next: 'How far the job came, and how long a step takes: the two give the time that it needs.',
  surely: [
    /resource allocation expired/,
    /(?:job|pod) was active (?:on the node )?longer than|^timeout: sending signal|exceeded (?:hard|soft) wall ?clock|reached (?:its|the) (?:maximum )?(?:wall|run|time)/,
    /due to time limit/,
    /term_runlimit/,
    /walltime.{0,40}exceed/,
    /exceed\w* (?:the |its )?(?:hard |soft )?(?:wall ?(?:clock )?time|time limit|run ?time limit|maximum (?:execution|run) ?time|job time limit)/,
    /(?:time|run ?time|wall ?time) limit (?:was )?(?:exceeded|reached|has been reached)/,
    /maxruntimeexceeded/,
    /pod was active on the node longer than the specified deadline/,
    /job (?:was )?(?:killed|cancelled|canceled|terminated).{0,40}time limit/,
  ],
  isOrdered: true,
} as const satisfies CrashClass
