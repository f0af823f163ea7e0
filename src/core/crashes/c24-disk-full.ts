import type { CrashClass } from './crash-class.ts'

/** C24: the disk. */
export const diskFull = {
  code: 'C24-disk-full',
  kind: 'disk-full',
  why: 'The disk, or the quota on it, is full.',
  fix: 'Make room, and keep fewer checkpoints; the one that was being written is not whole.',
  next: 'df -h and quota -s for the folder of the checkpoints, and df -h /dev/shm and /tmp.',
  says: [
    /no space left|\[errno 28\]|\benospc\b|errno = 28\b/,
    /(?:disk )?quota (?:is )?exceeded|\[errno 122\]|\bedquot\b|over quota/,
    /(?:disk|volume|file ?system|device) (?:is )?(?:full|out of space)|(?:not enough|insufficient|out of) (?:free )?(?:disk )?space/,
    /pytorchstreamwriter failed writing|inline_container\.cc.{0,80}unexpected pos/,
    /ran out of (?:disk|space)|\bdisk is full|storagefull/,
    // NumPy and HDF5
    /\d requested and \d+ written|\(file write failed\b/,
  ],
  reachesOthers: true,
  surely: [/node was low on resource: ephemeral-storage/],
} as const satisfies CrashClass
