import type { CrashClass } from './crash-class.ts'

/** C27: a worker of the data loader. */
export const dataLoaderWorker = {
  code: 'C27-data-loader-worker',
  kind: 'data-loader',
  why: 'A process that loads the data died.',
  fix: 'Use fewer workers, or more shared memory (docker --shm-size, /dev/shm); num_workers=0 shows the error of the data set itself.',
  next: 'free -m and df -h /dev/shm while it runs; dmesg for the killer.',
  says: [
    /(?:worker|subprocess)\w*.{0,60}(?:abruptly died|died abruptly|was killed|has died)/,
    /worker.{0,60}(?:(?:exit(?:ed)?|died|terminated) (?:unexpectedly|abruptly)(?! while executing)|was unexpectedly terminated|(?:is|was|got|been) killed|killed (?:by|with|due|because|\())/,
    /bus error encountered in worker|insufficient shared memory|out of shared memory/,
    /brokenprocesspool|terminatedworkererror/,
    /data ?loader.{0,80}(?:timed out|died|exited (?!$)|killed (?:by|with|due|because|\()|crashed|timeout)/,
    /pin memory thread exited/,
  ],
} as const satisfies CrashClass
