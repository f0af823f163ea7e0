import type { CrashEntry } from './entry.ts'

/** C7: named by the last words of a log. */
export const nodeFailure = {
  code: 'C7-node-failure',
  why: 'A node of the job failed.',
  fix: 'Resume from the newest checkpoint, without that node.',
  kinds: ['node-failure'],
} as const satisfies CrashEntry
