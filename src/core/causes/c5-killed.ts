import type { CrashEntry } from './entry.ts'

/** C5: named by the last words of a log. */
export const killed = {
  code: 'C5-killed',
  why: 'Something killed the process and gave it no time to say why.',
  fix: "It is the kernel's out-of-memory killer more often than not: see dmesg, or the accounting of the scheduler.",
  kinds: ['killed'],
} as const satisfies CrashEntry
