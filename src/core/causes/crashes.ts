import type { CrashKind } from '../job/crash-signs.ts'

/** What a job died of that says so itself. */
export interface CrashEntry {
  /** Its name in alerts: `C` and a number, and a word for it. */
  readonly code: string
  readonly why: string
  readonly fix: string
}

/** The causes of crashes, by what the last words of the log are. */
export const CRASHES: Readonly<Partial<Record<CrashKind, CrashEntry>>> = {
  'gpu-memory': {
    code: 'C1-gpu-out-of-memory',
    why: 'The accelerator had no memory left.',
    fix: 'Make the batch smaller and accumulate gradients, or recompute activations in the backward pass.',
  },
  'host-memory': {
    code: 'C2-host-out-of-memory',
    why: 'The machine, or the limit that the scheduler sets, had no memory left.',
    fix: 'Ask for more memory, or use fewer data-loader workers and a smaller cache of data.',
  },
  'collective-timeout': {
    code: 'C3-collective-timeout',
    why: 'A collective operation waited for a rank that did not come.',
    fix: 'Look in the logs of the other ranks for the one that stopped first; this one only waited for it.',
  },
  'memory-fault': {
    code: 'C4-memory-fault',
    why: 'Native code touched memory that it may not touch.',
    fix: 'Run once more with PYTHONFAULTHANDLER=1 to see where; a driver and a library of other versions are usual.',
  },
  killed: {
    code: 'C5-killed',
    why: 'Something killed the process and gave it no time to say why.',
    fix: "It is the kernel's out-of-memory killer more often than not: see dmesg, or the accounting of the scheduler.",
  },
  'time-limit': {
    code: 'C6-time-limit',
    why: 'The scheduler ended the job at its time limit.',
    fix: 'Resume from the newest checkpoint, with a longer limit or a checkpoint shortly before it.',
  },
  'node-failure': {
    code: 'C7-node-failure',
    why: 'A node of the job failed.',
    fix: 'Resume from the newest checkpoint, without that node.',
  },
  stopped: {
    code: 'C8-stopped',
    why: 'The job was told to stop.',
    fix: 'If nobody meant it to, look who sent the signal: the scheduler says so in its accounting.',
  },
}

/** The entry of a code, or null for one that is none of a crash. */
export function crashOf(code: string): CrashEntry | null {
  return Object.values(CRASHES).find((entry) => entry.code === code) ?? null
}
