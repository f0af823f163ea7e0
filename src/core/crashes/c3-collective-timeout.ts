import type { CrashClass } from './crash-class.ts'

/** C3: a rank that did not come. */
export const collectiveTimeout = {
  code: 'C3-collective-timeout',
  kind: 'collective-timeout',
  why: 'A collective operation waited for a rank that did not come.',
  fix: 'Look in the logs of the other ranks for the one that stopped first; this one only waited for it.',
  next: 'The rank whose log ends first, or whose number of the operation (SeqNum) is the lowest, is the one that hangs.',
  says: [
    /\bnccl\b.{0,60}time[d-]? ?-?out/,
    /monitored ?barrier.{0,80}(?:fail|time)|timed out waiting for ranks?\b/,
    /timed? ?out.{0,60}\b(?:barrier|allreduce|all_reduce|allgather|all_gather|broadcast|reduce_scatter|recv operation|send operation|store based barrier|rendezvous)/,
    /(?:barrier|collective|rendezvous).{0,60}timed? ?out/,
    /rendezvoustimeouterror/,
    /deadline_exceeded/,
    /wait timeout after \d+ms, keys/,
    /(?:socket|client|store).{0,40}timed out after \d+/,
    /stalled ranks/,
  ],
  surely: [
    /watchdog caught collective operation timeout/,
    /nccl timeout/,
    /nccl watchdog thread term/,
    /heartbeat monitor timed out|processgroupnccl's watchdog got stuck/,
  ],
  part: 'cascade',
} as const satisfies CrashClass
