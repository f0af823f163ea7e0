import type { CrashEntry } from './entry.ts'

/** C4: named by the last words of a log. */
export const memoryFault = {
  code: 'C4-memory-fault',
  why: 'Native code touched memory that it may not touch.',
  fix: 'Run once more with PYTHONFAULTHANDLER=1 to see where; a driver and a library of other versions are usual.',
  kinds: ['memory-fault'],
} as const satisfies CrashEntry
