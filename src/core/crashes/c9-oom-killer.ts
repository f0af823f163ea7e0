import type { CrashClass } from './crash-class.ts'

/** C9: the kernel, the scheduler or the container runtime, which ends who takes too much memory. */
export const oomKiller = {
  code: 'C9-oom-killer',
  kind: 'oom-killer',
  why: 'The job took more memory of the machine than it may, and was killed for it.',
  fix: 'Ask for more memory, or use fewer data-loader workers and a smaller cache of data.',
  next: 'See in dmesg, or in the accounting of the scheduler, which process was the largest, and whether its memory grew step by step: that is a leak.',
  surely: [
    /node was low on resource: memory/,
    /systemd-oomd.{0,20} killed/,
    /(?<!\w)oom[-_ ]kill(?:er|ed)?\b/,
    /out of memory: kill/,
    /\boomkilled\b/,
    /memory cgroup out of memory/,
    /detected \d+ oom/,
    /exceeded (?:job |step )?memory limit|gone over (?:\w+ )?memory limit|state=out_of_memory\b/,
    /killed due to (?:memory pressure|the node running low on memory)/,
    /term_memlimit/,
    /job killed: (?:mem|vmem|pmem)\b/,
    /killed by (?:systemd-oomd|earlyoom)|earlyoom.{0,40}sending sig/,
    /the node running low on memory/,
    /memory usage.{0,40}exceed.{0,60}kill/,
  ],
  reachesOthers: true,
} as const satisfies CrashClass
