import type { CrashClass } from './crash-class.ts'

/** C25: descriptors. */
export const tooManyOpenFiles = {
  code: 'C25-too-many-open-files',
  kind: 'open-files',
  why: 'The process may not open more files.',
  fix: 'Raise the limit (ulimit -n 65536), or torch.multiprocessing.set_sharing_strategy("file_system") where data-loader workers share tensors.',
  next: 'ls /proc/PID/fd | wc -l over a few steps: a number that grows is a leak.',
  says: [
    /too many open files|\[errno 2[34]\]|\bemfile\b|\benfile\b|errno = 2[34]\b/,
    /received 0 items of ancdata/,
    /(?:open files?|file descriptors?|file handles?).{0,30}(?:limit (?:reached|exceeded|hit)|exceed|exhaust)|(?:out of|run out of|ran out of) (?:file )?(?:descriptors|handles)/,
  ],
} as const satisfies CrashClass
