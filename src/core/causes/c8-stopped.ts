import type { CrashEntry } from './entry.ts'

/** C8: named by the last words of a log. */
export const stopped = {
  code: 'C8-stopped',
  why: 'The job was told to stop.',
  fix: 'If nobody meant it to, look who sent the signal: the scheduler says so in its accounting.',
  kinds: ['stopped'],
} as const satisfies CrashEntry
