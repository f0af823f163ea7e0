import type { CrashEntry } from './entry.ts'

/** C3: named by the last words of a log. */
export const collectiveTimeout = {
  code: 'C3-collective-timeout',
  why: 'A collective operation waited for a rank that did not come.',
  fix: 'Look in the logs of the other ranks for the one that stopped first; this one only waited for it.',
  kinds: ['collective-timeout'],
} as const satisfies CrashEntry
