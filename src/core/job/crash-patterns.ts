import { type CrashClassKind, deathIn, exceptionClass, exitClass, messageKind } from '../crashes/index.ts'

/**
 * What a job died of, as far as one line of its log shows: one of the classes, or a label that is no class, or a failure
 * of which somebody else tells without saying more.
 */
export type CrashKind = CrashClassKind | 'bad-label' | 'launcher' | 'error-exit'

/** The crash that a line of a log reports. */
export interface CrashMatch {
  readonly kind: CrashKind
  /**
   * `dead`: no process survives it. `likely`: it may also belong to an error that was caught. `if-last`: many jobs print
   * such lines and go on, so it counts only where the log ends with it.
   */
  readonly how: 'dead' | 'likely' | 'if-last'
}

/** TensorFlow names a bad label in a line of its own, below the exception. */
const BAD_LABEL = 'received a label value of'
const LAUNCHER = /childfailederror|exits with return code =|primary job terminated normally, but/
/** What a job may say in a line of its own, without an exception, when it dies of it. */
const TOLD_ALONE: readonly CrashKind[] = ['gpu-memory', 'stopped']
/** A job that looks at its loss says in its own words that it ends. */
const GIVES_UP = /\b(?:abort|stop|terminat|exit|quit|halt|kill|giv(?:e|ing) up|cannot continue|training failed)/
/** An exception, by its name and what follows. Python ends a traceback with it, and many jobs print nothing else of it. */
const EXCEPTION = /^((?:[a-z_]\w*\.)*[a-z_]*(?:error|exception|interrupt|systemexit|exit)\w{0,12})(?:: (.*)|:?$)/
/** The errors of a shell, an interpreter or a program that does not start. */
const ERROR_LINE =
  /^(?:(?:\/\S*\/)?(?:ba|z|da|k|tc)?sh|(?:\/\S*\/)?python[\d.]*|fatal|(?:fatal |internal )?error|panic|\[?(?:error|fatal|critical)\]?)\b ?[:\]]/

/**
 * The crash that a line, given in lower case, reports; null where it reports none.
 *
 * The first line of a traceback reports none: only its last line says what happened.
 */
export function crashIn(text: string): CrashMatch | null {
  const death = deathIn(text)
  if (death !== null) return { kind: death, how: 'dead' }
  if (LAUNCHER.test(text)) return { kind: 'launcher', how: 'dead' }
  if (text.includes('slurmstepd: error')) return { kind: 'launcher', how: 'likely' }
  if (text.includes(BAD_LABEL)) return { kind: 'bad-label', how: 'likely' }
  const exception = EXCEPTION.exec(text)
  if (exception !== null) return { kind: exceptionClass(exception[1]!, exception[2] ?? ''), how: 'if-last' }
  const kind = messageKind(text)
  if (kind === null) return null
  if (kind === 'nan-loss') return GIVES_UP.test(text) ? { kind, how: 'if-last' } : null
  if (TOLD_ALONE.includes(kind)) return { kind, how: 'likely' }
  return ERROR_LINE.test(text) ? { kind, how: 'if-last' } : null
}

/** What a line of the message of an error, given in lower case, says of it; null where it says nothing more. */
export function messageIn(text: string): CrashKind | null {
  return text.includes(BAD_LABEL) ? 'bad-label' : messageKind(text)
}

/** The kind of an exception, by the last line of its traceback in lower case. */
export function exceptionKind(text: string): CrashKind {
  if (text.includes('childfailederror') || text.includes('calledprocesserror')) return 'launcher'
  const [, name = '', message = ''] = /^([^:]*):? ?(.*)$/s.exec(text) ?? []
  return exceptionClass(name, message)
}

/** What a process died of, by its exit code. A negative code is the signal that ended it. */
export function exitKind(code: number): CrashKind {
  return exitClass(code) ?? 'launcher'
}
