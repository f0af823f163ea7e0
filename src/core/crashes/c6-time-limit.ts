import type { CrashClass } from './crash-class.ts'

/** A job with a time of its own goes on to say what it does, as in `Time limit reached, stopping`. No scheduler speaks so. */
const NOT_ITS_OWN =
  '(?!(?:[ -](?:clock|time|limit)){0,3}\\W{1,3}(?:(?:so|now|we|are|will|gracefully|training) )*(?:stop\\w*|sav(?:e|ing)|exiting|ending|finishing|wrapping up|shutting down|quitting|leaving|halting|checkpointing|writing|(?:ending|terminating) (?:the )?training)\\b(?!.{0,40}\\bjob\\b))'

/** C6: the time that the scheduler gives. */
export const timeLimit = {
  code: 'C6-time-limit',
  kind: 'time-limit',
  why: 'The scheduler ended the job at its time limit.',
  fix: 'Resume from the newest checkpoint, with a longer limit or a checkpoint shortly before it.',
  next: 'How far the job came, and how long a step takes: the two give the time that it needs.',
  surely: [
    /resource allocation expired/,
    /(?:job|pod) was active (?:on the node )?longer than|^timeout: sending signal|exceeded (?:hard|soft) wall ?clock/,
    new RegExp(`reached (?:its|the) (?:maximum )?(?:wall|run|time)${NOT_ITS_OWN}`),
    /due to time limit/,
    /term_runlimit/,
    /walltime.{0,40}exceed/,
    new RegExp(
      `exceed\\w* (?:the |its )?(?:hard |soft )?(?:wall ?(?:clock )?time|time limit|run ?time limit|maximum (?:execution|run) ?time|job time limit)${NOT_ITS_OWN}`,
    ),
    new RegExp(`(?:time|run ?time|wall ?time) limit (?:was )?(?:exceeded|reached|has been reached)${NOT_ITS_OWN}`),
    /maxruntimeexceeded|state=timeout\b/,
    /pod was active on the node longer than the specified deadline/,
    /job (?:was )?(?:killed|cancelled|canceled|terminated).{0,40}time limit/,
  ],
  isOrdered: true,
} as const satisfies CrashClass
