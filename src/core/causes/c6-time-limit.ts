import type { CrashEntry } from './entry.ts'

/** C6: named by the last words of a log. */
export const timeLimit = {
  code: 'C6-time-limit',
  why: 'The scheduler ended the job at its time limit.',
  fix: 'Resume from the newest checkpoint, with a longer limit or a checkpoint shortly before it.',
  kinds: ['time-limit'],
} as const satisfies CrashEntry
