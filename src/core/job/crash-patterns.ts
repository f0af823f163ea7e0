/** What a job died of, as far as one line of its log shows. */
export type CrashKind =
  | 'gpu-memory'
  | 'host-memory'
  | 'collective-timeout'
  | 'memory-fault'
  | 'killed'
  | 'node-failure'
  | 'time-limit'
  | 'stopped'
  | 'fatal'
  | 'exception'
  | 'bad-label'
  | 'launcher'
  | 'error-exit'

/** The crash that a line of a log reports. */
export interface CrashMatch {
  readonly kind: CrashKind
  /** Whether no process survives it. A line about memory that ran out may also belong to an error that was caught. */
  readonly isCertain: boolean
}

const GPU_MEMORY = [
  'cuda out of memory',
  'hip out of memory',
  'outofmemoryerror',
  'cublas_status_alloc_failed',
  'resource_exhausted',
  'resourceexhaustederror',
]
const HOST_MEMORY = ['memoryerror', 'cannot allocate memory', "can't allocate memory", 'std::bad_alloc']
/** TensorFlow names a bad label in a line of its own, below the exception. */
const BAD_LABEL = 'received a label value of'
const STOPPED = ['keyboardinterrupt', 'received sigterm', 'sigterm received', 'sigtermexception']

/** What no process survives, the most specific first: a launcher only repeats what its children died of. */
const CERTAIN: readonly (readonly [CrashKind, readonly string[]])[] = [
  ['host-memory', ['oom-kill', 'oom_kill', 'out of memory: kill', 'detected 1 oom']],
  ['collective-timeout', ['watchdog caught collective operation timeout', 'nccl timeout', 'nccl watchdog thread term']],
  [
    'memory-fault',
    [
      'segmentation fault',
      'bus error',
      'fatal python error',
      '(core dumped)',
      'signal 11 (sigsegv)',
      'signal 7 (sigbus)',
    ],
  ],
  ['killed', ['signal 9 (sigkill)', 'return code = -9', 'exit signal: killed', 'signal: killed']],
  ['fatal', ['terminate called after throwing', 'signal 6 (sigabrt)', 'check failure stack trace']],
  ['stopped', ['signal 15 (sigterm)', 'signal 2 (sigint)']],
  ['launcher', ['childfailederror', 'exits with return code =', 'primary job terminated normally, but']],
]

/**
 * The crash that a line, given in lower case, reports; null where it reports none.
 *
 * The first line of a traceback reports none: only its last line says what happened.
 */
export function crashIn(text: string): CrashMatch | null {
  if (text.includes('slurmstepd: error') || text.startsWith('srun: error')) return ofScheduler(text)
  if (text === 'killed' || text.startsWith('zsh: killed') || (text.includes(': line ') && text.includes(' killed '))) {
    return certain('killed')
  }
  // The process that waits for a worker gets an exception, which it may catch.
  const isCertain = !text.includes('dataloader worker')
  for (const [kind, words] of CERTAIN) if (words.some((word) => text.includes(word))) return { kind, isCertain }
  if (GPU_MEMORY.some((word) => text.includes(word))) return { kind: 'gpu-memory', isCertain: false }
  if (STOPPED.some((word) => text.includes(word))) return { kind: 'stopped', isCertain: false }
  if (text.includes(BAD_LABEL)) return { kind: 'bad-label', isCertain: false }
  return text.startsWith('runtimeerror: ') || text.startsWith('memoryerror')
    ? { kind: exceptionKind(text), isCertain: false }
    : null
}

/** The kind of an exception, by the last line of its traceback in lower case. */
export function exceptionKind(text: string): CrashKind {
  if (GPU_MEMORY.some((word) => text.includes(word))) return 'gpu-memory'
  if (HOST_MEMORY.some((word) => text.includes(word))) return 'host-memory'
  if (STOPPED.some((word) => text.includes(word))) return 'stopped'
  if (text.includes('childfailederror') || text.includes('calledprocesserror')) return 'launcher'
  return crashIn(text.startsWith('runtimeerror: ') ? text.slice('runtimeerror: '.length) : text)?.kind ?? 'exception'
}

/** What a process died of, by its exit code. A negative code is the signal that ended it. */
export function exitKind(code: number): CrashKind {
  switch (code) {
    case -9:
    case 137:
      return 'killed'
    case -11:
    case -7:
    case 139:
      return 'memory-fault'
    case -15:
    case -2:
    case 143:
    case 130:
      return 'stopped'
    default:
      return 'launcher'
  }
}

/** Whether somebody stopped the job, or a known time limit did. Neither is a fault of the run. */
export function isOrdered(kind: CrashKind): boolean {
  return kind === 'stopped' || kind === 'time-limit'
}

function ofScheduler(text: string): CrashMatch | null {
  if (text.includes('oom')) return certain('host-memory')
  if (text.includes('due to time limit')) return certain('time-limit')
  if (text.includes('node fail')) return certain('node-failure')
  if (text.includes('cancelled at')) return certain('stopped')
  if (text.includes('segmentation fault') || text.includes('bus error')) return certain('memory-fault')
  if (text.includes(': killed')) return certain('killed')
  return text.startsWith('srun') ? null : { kind: 'fatal', isCertain: false }
}

function certain(kind: CrashKind): CrashMatch {
  return { kind, isCertain: true }
}
