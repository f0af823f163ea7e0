import type { CrashClass } from './crash-class.ts'

/** C23: a port. */
export const portInUse = {
  code: 'C23-port-in-use',
  kind: 'port-in-use',
  why: 'A port that the job listens on is taken: another job of the machine has it, or an earlier run still lives.',
  fix: 'Give each job of a machine another port (torchrun --master_port, or --rdzv_endpoint=localhost:0), or end the run that holds it.',
  next: 'ss -ltnp shows who holds the port.',
  says: [
    /port is already allocated/,
    /\bport\b.{0,60}(?:another|other) (?:process|component|program|application)|could not start grpc server|failed to add any wildcard listeners/,
    /address (?:is )?already in use|eaddrinuse|\[errno 98\]|\[errno 48\]|errno: ?98|winerror 10048/,
    /port:? ?\d* ?(?:is )?(?:already )?(?:in use|occupied|taken|being used|not available)|port \d+.{0,30}(?:in use|occupied)/,
    /only one usage of each socket address/,
    /(?:failed|unable|cannot|could not) to (?:bind|listen)(?! mount)|bind failed|cannot bind/,
  ],
} as const satisfies CrashClass
