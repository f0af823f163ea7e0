import type { CrashClass } from './crash-class.ts'

/** C14: a check of the job itself. */
export const assertion = {
  code: 'C14-assertion',
  kind: 'assertion',
  why: 'A check in the code did not hold.',
  fix: 'The line of code says what it expects: print what it got before it, and see where that comes from.',
  next: 'The frame above the assertion, and whether the batch or the configuration is another than before.',
  named: [/^assertionerror$/],
  // That of a kernel, `block: [0,0,0], thread: [5,0,0] Assertion …`, is an error of CUDA.
  says: [
    /(?<!\bblock: \[.{0,80}|device-side )\bassert(?:ion)? [`'"].{1,200}[`'"] failed/,
    /\bassertion (?:failed|failure)|\[fatal\] check failed:/,
  ],
  surely: [
    /: assertion `.{1,200}' failed\.?$/,
    /^f\d{4} \d\d:\d\d.{0,80}check failed:(?!.*(?:cuda|cudnn|cublas|nccl|hip|memory))/,
  ],
} as const satisfies CrashClass
