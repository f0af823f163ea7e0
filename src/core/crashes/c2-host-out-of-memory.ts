import type { CrashClass } from './crash-class.ts'

/** C2: the memory of the machine, which a process asked for in vain. */
export const hostOutOfMemory = {
  code: 'C2-host-out-of-memory',
  kind: 'host-memory',
  why: 'The machine, or the limit that the scheduler sets, had no memory left.',
  fix: 'Ask for more memory, or use fewer data-loader workers and a smaller cache of data.',
  next: 'The line of code shows what was asked for; compare its size with the memory of the machine and with the limit of the job.',
  named: [/^_?(?:array|arrow)?memoryerror$/],
  says: [
    /paging file is too small/,
    /^(?:\W{0,3}(?:error|fatal|critical)\W{1,3})?out of memory\W*$/,
    /(?:cannot|can't|could not|unable to|failed to|not) allocate (?:memory|vector)/,
    /unable to allocate [\d.]+ ?[kmgtp]i?b/,
    /\[errno 12\]|\benomem\b/,
    /std::bad_alloc|\bbad allocation\b/,
    /defaultcpuallocator: (?:can't allocate|not enough) memory/,
    /not enough memory: you tried to allocate/,
    /insufficient memory|failed to allocate \d+ bytes/,
    /java\.lang\.outofmemoryerror|\boutofmemoryerror\(\)/,
    /oom when allocating tensor.{0,200}\bcpu:\d/,
    /resource_?exhausted.*\bcpu:\d/,
    /malloc of size \d+ failed/,
  ],
  surely: [
    /memory allocation of \d+ bytes failed|terminate called after throwing an instance of 'std::bad_(?:array_new_length|alloc)'/,
    /(?:^|fatal error: )runtime: (?:out of memory|cannot allocate memory)|javascript heap out of memory/,
  ],
  reachesOthers: true,
} as const satisfies CrashClass
