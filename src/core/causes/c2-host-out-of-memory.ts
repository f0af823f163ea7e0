import type { CrashEntry } from './entry.ts'

/** C2: named by the last words of a log. */
export const hostOutOfMemory = {
  code: 'C2-host-out-of-memory',
  why: 'The machine, or the limit that the scheduler sets, had no memory left.',
  fix: 'Ask for more memory, or use fewer data-loader workers and a smaller cache of data.',
  kinds: ['host-memory'],
} as const satisfies CrashEntry
