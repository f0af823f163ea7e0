import { type CrashClassKind, deathIn, detailKind, exceptionClass, exitClass, messageKind } from '../crashes/index.ts'

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
const MAY_BE_TOLD_ALONE = /memory|exhausted|alloc|interrupt|sig(?:term|int)|signal/
/** A job that looks at its loss says in its own words that it ends. */
const GIVES_UP =
  /\b(?:abort|stop|terminat|exit|quit|halt|kill|giv(?:e|ing) up|leaving|cannot continue|(?:job|training|run) (?:ends|failed))/
/**
 * An exception, by its name and what follows. Python ends a traceback with it, and many jobs print nothing else of it.
 * The short summary of pytest puts the name of the test before it.
 */
const EXCEPTION =
  /^(?:failed \S{1,160} - )?((?:[a-z_]\w*\.)*[a-z_]*(?:error|exception|interrupt|systemexit)\w{0,12})(?:: |:?$)/
/** A message with the name of its program, of its level or of its place in the code before it. */
const ERROR_LINE =
  /^(?:[\w./+-]+(?: [\w./+-]+){0,2}(?:\[\d+\])?:|\[?(?:error|fatal|critical)\]? |nvidia-smi has failed|[ef]\d{4} |.{0,40}: [ef] [\w./-]+:\d+\])/
/** A job goes on after it: it is a warning, or says what is done instead. */
const NO_ERROR =
  /^.{0,60}\b(?:warn(?:ing)?|info|debug|note|notice|hint)\b|\b(?:skip\w*|ignor\w*|will (?:be|use)|creating|using|falling back|instead|by default|yet|continuing|anyway|(?:try|trying|tries) again)\b/
/** A metric that is called an error, with its value; `KeyError: 0` is none. */
const METRIC = /^(?:\w*_)?(?:error|exception): [-+]?[\d.]/
/** A best loss is infinite before the first one, and stopping early is no failure. */
const STOPS_EARLY = /\bearly\b|\bbest\b.{0,30}\binf/
/** What a parser of arguments says before it ends the program. */
const USAGE = /^[\w./-]+: error: (?:unrecognized|argument|the following arguments|invalid|ambiguous)/
/** What a manager of workers says of one that it starts again. */
const RETRIES = /\bretry(?:ing)?\b|\bretries left\b|\brestarting\b/
const LARGEST_EXIT_CODE = 255
/** What a program around the job says of how it ended. The status of a request is none. */
const EXIT =
  /\b(?:exited|terminated|ended|finished),?(?: with)? (?:code|status) (-?\d{1,3})\b|\bexit ?(?:code|status)[:= ]{0,8}(-?\d{1,3})\b/

/**
 * The crash that a line, given in lower case, reports; null where it reports none.
 *
 * The first line of a traceback reports none: only its last line says what happened.
 */
export function crashIn(text: string): CrashMatch | null {
  const exception = EXCEPTION.exec(text)
  if (exception !== null && !METRIC.test(text))
    return { kind: exceptionKind(text.slice(exception[0].indexOf(exception[1]!))), how: 'if-last' }
  if (USAGE.test(text)) return { kind: 'exception', how: 'if-last' }
  const death = deathIn(text)
  if (death !== null && !RETRIES.test(text)) return { kind: death, how: 'dead' }
  if (LAUNCHER.test(text)) return { kind: 'launcher', how: 'dead' }
  if (text.includes('slurmstepd: error')) return { kind: 'launcher', how: 'likely' }
  if (text.includes(BAD_LABEL)) return { kind: 'bad-label', how: 'likely' }
  const [, ended, exit] = EXIT.exec(text) ?? []
  const code = Number(ended ?? exit ?? 0)
  if (code !== 0 && code <= LARGEST_EXIT_CODE) return { kind: exitClass(code) ?? 'error-exit', how: 'if-last' }
  if (NO_ERROR.test(text)) return aloneIn(text)
  const givesUp = GIVES_UP.test(text)
  if (!givesUp && !ERROR_LINE.test(text)) return aloneIn(text)
  const kind = messageKind(text)
  if (kind === null || (kind === 'nan-loss' && (!givesUp || STOPS_EARLY.test(text)))) return null
  return { kind, how: TOLD_ALONE.includes(kind) ? 'likely' : 'if-last' }
}

function aloneIn(text: string): CrashMatch | null {
  const kind = MAY_BE_TOLD_ALONE.test(text) ? messageKind(text) : null
  return kind !== null && TOLD_ALONE.includes(kind) ? { kind, how: 'likely' } : null
}

/** What a line of the message of an error, given in lower case, says of it; null where it says nothing more. */
export function messageIn(text: string): CrashKind | null {
  return text.includes(BAD_LABEL) ? 'bad-label' : detailKind(text)
}

/** The kind of an exception, by the last line of its traceback in lower case. */
export function exceptionKind(text: string): CrashKind {
  if (text.includes('childfailederror') || text.includes('calledprocesserror')) return deathIn(text) ?? 'launcher'
  const [, name = '', message = ''] = /^([^:]*):? ?(.*)$/s.exec(text) ?? []
  return exceptionClass(name, message)
}

/** What a process died of, by its exit code. A negative code is the signal that ended it. */
export function exitKind(code: number): CrashKind {
  return exitClass(code) ?? 'launcher'
}
