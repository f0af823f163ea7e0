import type { CrashEntry } from './entry.ts'

/** C1: named by the last words of a log. */
export const gpuOutOfMemory = {
  code: 'C1-gpu-out-of-memory',
  why: 'The accelerator had no memory left.',
  fix: 'Make the batch smaller and accumulate gradients, or recompute activations in the backward pass.',
  kinds: ['gpu-memory'],
} as const satisfies CrashEntry
