import type { Severity } from '../../protocol/alert.ts'
import { deathIn, isGeneral, isOrdered } from '../crashes/index.ts'
import type { Line } from '../reading/lines.ts'
import { type CrashKind, crashIn, exceptionKind, exitKind, isText, messageIn } from './crash-patterns.ts'
import { type LinesBelow, type Passes, withLineBelow } from './passes.ts'
import { isAboveTable, type Told, wordsOfEnd } from './rank-words.ts'
import { type Suspect, stillSuspect } from './suspect.ts'
import {
  type CodePlace,
  foldedTraceback,
  isBetweenChained,
  isException,
  type Open,
  type Origin,
  opened,
  opensTraceback,
  type Survival,
  withFrame,
} from './traceback.ts'
import { isHeldBack } from './waiting-crash.ts'

/** What one file says about the end of its job since its last record; plain JSON. */
export type LastWords = {
  readonly lastStep: number | null
  /** How its counter of steps has run; not there before the first step. States of earlier versions lack it. */
  readonly passes?: Passes | undefined
  /** What the line read last says about the next one: who writes a traceback, or what part of a launcher's report comes. */
  readonly before: string
  /** The newest lines, oldest first. They are kept while something is wrong. */
  readonly lines: readonly string[]
  readonly open: Open | null
  readonly crash: Crash | null
  /** What the job has said below the crash; not there where it has said nothing. */
  readonly below?: LinesBelow
  /** The exception that the job has caught last, and what it said then. */
  readonly caught?: Caught | undefined
  /** What may have ended the job, if nothing but a few lines comes after it. States of earlier versions lack it. */
  readonly suspect?: Suspect<About> | null
  readonly isFinished: boolean
  /** The time of the year of what was read last, by the log's own clock; not there where the newest lines have none. */
  readonly clockMs?: number
  /** The same of its first record. */
  readonly beganMs?: number
  /** What a launcher has told of the end of ranks. */
  readonly told?: readonly Told[]
  /** The rank whose exit code a launcher gives in the next line. */
  readonly headed?: number
  /** The number that a line began with last, or that such numbers come again: then they are ranks. */
  readonly label?: number | 'recurs'
  /** Steps that other ranks of the file made since the crash: the newest, and how many. */
  readonly passed?: { readonly step: number | null; readonly count: number }
  /** Set where the file was replaced or begun anew since: what writes to it now is another process. */
  readonly isOfOther?: true
  /** What a record showed the job to have outlived, and the step that it came after: a launcher may still say otherwise. */
  readonly outlived?: { readonly crash: Crash; readonly step: number | null } | undefined
}

export type Caught = Pick<Crash, 'line' | 'place'> & { readonly said: string }

type About = Omit<Crash, 'severity' | 'lines'>

/** What a job died of, or may have survived, with the last lines that say so. */
export type Crash = {
  readonly kind: CrashKind
  readonly severity: Severity
  /** The line that says it. */
  readonly line: string
  readonly place: CodePlace
  readonly lines: readonly string[]
  readonly offset: number
  /** Who wrote it, where it is a traceback. */
  readonly from?: Origin
  readonly survivedBy?: Survival
  /** Set where training had ended before: its last act failed, and the training did not. */
  readonly isAfterEnd?: true
  /** Set once the job has shown that it went on after it. */
  readonly isOutlived?: true
  /** Set as it is told again where what followed shows that training had ended by then. */
  readonly isLessGrave?: true
  /** Set as it is told where it says more of a crash that was told before. */
  readonly isSharper?: true
  /** Whose words these are, where the path of the file or the mark of the line says so. */
  readonly rank?: number
  /** The time of the year by the log's own clock, in milliseconds. */
  readonly clockMs?: number
  /** The same of the first record of its log. */
  readonly beganMs?: number
  /** What a launcher tells of the ends of ranks. */
  readonly told?: readonly Told[]
}

/** The last words after something more was read, and what that shows. */
export interface LastWordsOutcome {
  readonly words: LastWords
  /** A crash to report: a new one, or one that is now surer than before. */
  readonly crash: Crash | null
}

export const NO_LINES: readonly string[] = []

export const SILENT: LastWords = {
  lastStep: null,
  before: '',
  lines: NO_LINES,
  open: null,
  crash: null,
  suspect: null,
  isFinished: false,
}

/** How many of the last lines are kept. */
const MAX_LINES = 8
/** How much of each line is kept. */
export const MAX_CHARS = 300
/** A longer line is no message. */
const LONGEST_LINE = 400
/** So many steps, or bytes, others write before a launcher ends them. */
const MOST_STEPS_ON = 32
const MOST_BYTES_ON = 8192
/** A frame of a stack, and the bar of progress of a loop. */
const TELLS_NOTHING = /^frame #\d|\d%\|[^|]{0,200}\|[^|\]]{0,120}\]$/
/** What belongs to an exception above it, or is said by Python, PyTorch and clients as a process ends. */
const OF_ITS_END =
  /^(?:\s|wandb: |Exception ignored |CUDA kernel errors |For debugging consider |Compile with `TORCH|For simplicity, JAX has |Set the environment variable HYDRA_|-{8,}$|Exception raised from |frame #\d|\[[WE]\d|\[rank\d+\]:\[W)|\bresource_tracker\b|Warning: /
/** The first line of a message that says what failed, and leaves to the next ones why: TensorFlow's, Keras's, PyTorch's. */
const HEADING = /:\s*$|\bexception encountered when calling\b|\b(?:see|details) (?:\S+ ){0,3}below\b/i
/** NCCL quotes an error that is not its own: `Cuda failure 214 'uncorrectable ECC error encountered'`. */
const QUOTES_CUDA = /^(?:last error: )?cuda failure (?:\d{1,4} )?'/
/** These say that a process is gone, and not of what: the first that it ended by a signal, the last that another one ended. */
const VAGUE: readonly CrashKind[] = ['fatal', 'killed', 'error-exit', 'stopped', 'launcher']
/** Of what a table of exit codes tells: the later in this list, the less it says of why. */
const ENDS_THAT_SAY_LITTLE: readonly CrashKind[] = ['killed', 'fatal', 'stopped', 'launcher']

/**
 * The last words after a line that holds no data.
 *
 * A crash is reported at the line that completes it; a traceback is completed
 * by the name of its exception. An exception that the job may have caught is only
 * noted until the log has ended. `hasCountedOut` says whether the run had come to its last step by then, `isHeld`
 * whether a living process may hold the log: one that Python printed is then noted as well, for the job may go on.
 */
export function afterLine(
  words: LastWords,
  line: Pick<Line, 'offset' | 'text'>,
  hasCountedOut: () => boolean = () => false,
  isHeld: () => boolean = () => false,
): LastWordsOutcome {
  const folded = foldedTraceback(line.text)
  if (folded !== null) return afterFolded(words, folded, line.offset, hasCountedOut)
  const text = line.text.trimEnd()
  if (text === '') return { words, crash: null }
  const next = { ...words, lines: withLine(words, text), suspect: stillSuspect(words, text) }
  if (text.length <= LONGEST_LINE && opensTraceback(text) && !isText(text.toLowerCase())) {
    const open = { ...opened(text, words.before, line.offset), ...afterTraining(words, hasCountedOut) }
    const { below: _, ...above } = next
    return { words: { ...above, lines: [text.slice(-MAX_CHARS)], open, before: '' }, crash: null }
  }
  switch (words.open?.kind) {
    case 'traceback':
      return inTraceback(next, words.open, text, isHeld)
    case 'report':
      return inReport(next, words.open, text)
    default:
      return outside(next, text, line.offset, hasCountedOut)
  }
}

/** The last words after a traceback that a logger has put into a field of one line. */
function afterFolded(
  words: LastWords,
  lines: readonly string[],
  offset: number,
  hasCountedOut: () => boolean,
): LastWordsOutcome {
  const start: LastWordsOutcome = { words: { ...words, open: null, before: 'ERROR' }, crash: null }
  const { words: after, crash } = lines.reduce((so: LastWordsOutcome, text) => {
    const next = afterLine(so.words, { offset, text }, hasCountedOut)
    return { words: next.words, crash: next.crash ?? so.crash }
  }, start)
  // The field ends, whatever it ended with.
  return { words: { ...after, open: null }, crash }
}

/**
 * The last words after a launcher tells that a process failed. The exception that a record seemed to outlive was its:
 * the others wrote a few steps more. Null where nothing was outlived lately, or where something else is known.
 */
export function afterDoubt(words: LastWords, lastStep: number | null, offset: number): LastWords | null {
  const { outlived } = words
  const isKnown = words.crash !== null && !['launcher', 'error-exit'].includes(words.crash.kind)
  if (outlived === undefined || isKnown || words.isFinished) return null
  const { crash, step } = outlived
  const isLately =
    step === null || lastStep === null
      ? offset - crash.offset <= MOST_BYTES_ON
      : Math.abs(lastStep - step) <= MOST_STEPS_ON
  return isLately ? { ...words, crash } : null
}

/** The last words after the log says that training ended. What goes wrong later is no crash of the training. */
export function afterFinish({ outlived: _, ...words }: LastWords): LastWords {
  return { ...words, suspect: null, isFinished: true }
}

/** The last words after somebody else tells by what signal a process ended: what broke because of it is not why. */
export function afterTold(words: LastWords, told: { kind: CrashKind; line: string; offset: number }): LastWordsOutcome {
  const { crash } = words
  const isSaid = crash !== null && crash.kind === 'collective-error'
  // What a process cannot send or receive may itself make it abort, unless Python told of it.
  if (!isSaid || (told.kind === 'fatal' && crash.from === undefined)) return { words, crash: null }
  return sharpened(words, crash, { ...told, place: null })
}

/** The last words after the log gives the exit code of its process. The code must not be 0. */
export function afterExit(
  words: LastWords,
  code: number,
  offset: number,
  hasCountedOut: () => boolean = () => false,
): LastWordsOutcome {
  const kind = exitKind(code)
  const line = code < 0 ? `signal ${-code}` : `exit code ${code}`
  const about = { kind: kind === 'launcher' ? 'error-exit' : kind, line, place: null, offset } as const
  return withCrash(words, { ...about, ...afterTraining(words, hasCountedOut) }, true)
}

/** The last words after the job has shown that it survived what was reported, and went on to its end. */
export function afterSurvival(words: LastWords): LastWords {
  const { lastStep, passes, caught, isFinished } = words
  return { ...SILENT, lastStep, ...(passes && { passes }), ...(caught && { caught }), isFinished }
}

/**
 * The last words after the job gave, below an exception, what the whole training has come to. Python may write what it
 * had kept back below the exception that ended it: whichever came first, training had ended.
 */
export function afterResult(words: LastWords): LastWordsOutcome {
  const { crash } = words
  if (crash === null || crash.from !== 'uncaught' || crash.isAfterEnd === true) return { words, crash: null }
  const harmless: Crash = { ...crash, severity: 'warning', isAfterEnd: true }
  return { words: { ...words, crash: harmless }, crash: { ...harmless, isLessGrave: true } }
}

/** The last words of a file that was replaced, or cut off and begun anew. */
export function afterReplacement(words: LastWords): LastWords {
  const { crash } = words
  return { ...words, open: null, suspect: null, ...(crash !== null && { isOfOther: true }) }
}

/** The last words at the end of the log. A traceback that is not complete never will be, and a crash that no record followed was not caught. */
export function afterEnd(words: LastWords): LastWordsOutcome {
  const { open, crash, suspect, lines } = words
  if (open !== null && open.from !== 'ignored') {
    const kind = open.kind === 'report' ? 'launcher' : 'exception'
    return withCrash({ ...words, open: null }, { ...aboutOf(open), kind, line: lines.at(-1) ?? '' }, true)
  }
  if (crash === null) return suspect == null ? { words, crash: null } : withCrash(words, suspect.crash, true)
  if (isOrdered(crash.kind) || crash.severity === 'critical') return { words, crash: null }
  return withCrash(words, crash, true)
}

/** The last words after an exception that waited was not caught. */
export function afterWaiting(words: LastWords): LastWordsOutcome {
  return words.crash !== null && isHeldBack(words.crash) ? withCrash(words, words.crash, true) : { words, crash: null }
}

function inTraceback(words: LastWords, open: Open, text: string, isHeld: () => boolean): LastWordsOutcome {
  if (text.startsWith(' ') || text.startsWith('\t')) {
    return { words: { ...words, open: withFrame(open, text) }, crash: null }
  }
  // Other processes of the job may write their lines between those of a traceback.
  if (!isException(text)) return { words, crash: null }
  const ended = { ...words, open: null, before: '' }
  if (open.from === 'ignored') return { words: { ...ended, lines: [] }, crash: null }
  const kind = exceptionKind(text.toLowerCase())
  // A client that watches the job has lost its own connection.
  if (open.isOfLibraries && (isGeneral(kind) || kind === 'collective-error')) return { words: ended, crash: null }
  if (kind === 'launcher') return { words: { ...ended, open: { ...open, kind: 'report' } }, crash: null }
  const about = { ...aboutOf(open), kind, line: text }
  const { crash } = words
  if (crash !== null && open.link === 'original') return sharpened(ended, crash, about)
  if (crash !== null && open.link === 'consequence') {
    // What read from a worker loses its connection before it learns why.
    const isWorkerGone = kind === 'data-loader' && crash.kind === 'collective-error'
    if (saysNothing(crash) || isWorkerGone) return sharpened(ended, crash, about)
    const root = { kind: crash.kind, line: crash.line, place: crash.place }
    return withCrash(ended, { ...about, ...root }, open.from === 'uncaught' && !isHeld())
  }
  return withCrash(ended, about, open.from === 'uncaught' && !isHeld())
}

/** Whether an exception has no class and no message, as one of a queue that stayed empty. */
function saysNothing({ kind, line }: Crash): boolean {
  return kind === 'exception' && !line.includes(':')
}

function aboutOf({
  from,
  place,
  offset,
  survivedBy,
  isAfterEnd,
}: Open): Omit<Crash, 'kind' | 'severity' | 'line' | 'lines'> {
  return { from, place, offset, ...(survivedBy && { survivedBy }), ...(isAfterEnd && { isAfterEnd }) }
}

function afterTraining({ isFinished }: LastWords, hasCountedOut: () => boolean): Pick<Crash, 'isAfterEnd'> {
  return isFinished || hasCountedOut() ? { isAfterEnd: true } : {}
}

/**
 * Reads the report of a launcher, which names the process below its `Root Cause` that it looked at first. One that a signal
 * ended says more than one that failed of that.
 */
function inReport(words: LastWords, open: Open, text: string): LastWordsOutcome {
  const isRoot = words.before === 'Root Cause' || text.startsWith('Root Cause')
  const found = isRoot && text.trimStart().startsWith('exitcode') ? Number.parseInt(text.split(':')[1] ?? '', 10) : null
  if (found === null) return { words: { ...words, before: isRoot ? 'Root Cause' : '' }, crash: null }
  const { survivedBy: _, ...about } = aboutOf(open)
  const root = { code: found, who: 'a process of the job' }
  const killed = (words.told ?? []).flatMap(({ rank, how, code }) =>
    how === 'killed' && code !== undefined ? { code, who: `rank ${rank}` } : [],
  )
  const { code, who } = [root, ...killed].reduce((one, other) => (saysLess(one.code, other.code) ? other : one))
  const suspect = words.suspect == null || isAboveTable(words.suspect.crash.line) ? null : words.suspect
  const line = wordsOfEnd(who, code)
  return withCrash({ ...words, open: null, before: '', suspect }, { ...about, kind: exitKind(code), line }, true)
}

function outside(words: LastWords, text: string, offset: number, hasCountedOut: () => boolean): LastWordsOutcome {
  const next = { ...words, before: beforeNext(words, text), ...belowOf(words, text) }
  if (text.length > LONGEST_LINE || TELLS_NOTHING.test(text)) return { words: next, crash: null }
  const lower = text.toLowerCase()
  const { crash, suspect } = words
  const sharper = crash === null ? null : sharperKind(crash, text, lower)
  if (crash !== null && sharper !== null) return sharpened(next, crash, { ...crash, kind: sharper })
  // The line below is that of an exception that Python ignores.
  const match = words.before.startsWith('Exception ignored in') ? null : crashIn(lower)
  if (suspect != null && match?.how !== 'dead') {
    const kind = sharperKind(suspect.crash, text, lower) ?? suspect.crash.kind
    return { words: { ...next, suspect: { ...suspect, crash: { ...suspect.crash, kind } } }, crash: null }
  }
  if (match === null || (match.how === 'before-training' && words.lastStep !== null))
    return { words: next, crash: null }
  if (crash !== null && match.how !== 'dead' && match.how !== 'likely') return { words: next, crash: null }
  const about = { kind: match.kind, line: text, place: null, offset, ...afterTraining(words, hasCountedOut) }
  if (match.how === 'dead') return withCrash(next, about, true)
  const caught = { ...about, survivedBy: 'words' } as const
  if (match.how === 'likely') return withCrash(next, caught, false)
  const isVague = match.how === 'if-very-last' ? { isVague: true as const } : {}
  return { words: { ...next, suspect: { crash: caught, since: 0, ...isVague } }, crash: null }
}

/** What the job has said below a crash. What belongs to the crash, and what helpers say as a process ends, counts for nothing. */
function belowOf({ crash, below }: LastWords, text: string): Pick<LastWords, 'below'> {
  if (crash === null || OF_ITS_END.test(text) || isBetweenChained(text)) return {}
  return { below: withLineBelow(below, text.slice(0, MAX_CHARS)) }
}

/** What a line below a crash says of it, where all that was known is that something failed; null where it says nothing. */
function sharperKind({ kind, line }: About, text: string, lower: string): CrashKind | null {
  // Ray says below the exception of an actor why it died.
  const isVague = VAGUE.includes(kind) || line.startsWith('ray.exceptions.')
  const death = isVague ? deathIn(lower) : null
  if (death !== null && !VAGUE.includes(death) && (!isOrdered(death) || isOrdered(kind))) return death
  if (kind === 'collective-error' && QUOTES_CUDA.test(lower)) return messageIn(lower)
  // Some libraries only head the message in its first line, and C++ prints `what():` below.
  const isWhat = text.trimStart().startsWith('what():')
  if (!isGeneral(kind) || !(isWhat || HEADING.test(line))) return null
  return messageIn(lower) ?? (isWhat && kind === 'fatal' ? 'exception' : null)
}

/** The same crash, of which more is known now. It is as certain as it was. */
function sharpened(words: LastWords, before: Crash, { kind, line, place, offset }: About): LastWordsOutcome {
  const crash: Crash = { ...before, kind, line: line.slice(0, MAX_CHARS), place, lines: words.lines, offset }
  return { words: { ...words, crash }, crash: { ...crash, isSharper: true } }
}

/** Takes note of a crash. It is reported only if none was before, or if it is surer or sharper than the one before. */
function withCrash(words: LastWords, told: About, isCertain: boolean): LastWordsOutcome {
  // A launcher, or the abort of a process, comes of what the process has said before.
  const { suspect } = words
  const about = suspect != null && vagueness(told.kind) > vagueness(suspect.crash.kind) ? rootOf(suspect, told) : told
  const isAfterEnd = about.isAfterEnd ?? words.crash?.isAfterEnd
  const isCritical = isCertain && !isOrdered(about.kind) && isAfterEnd !== true
  const isNoted = !isCertain && !isOrdered(about.kind) && isAfterEnd !== true
  const severity: Severity = isCritical ? 'critical' : isNoted ? 'info' : 'warning'
  const { kind, place, offset } = about
  const lines = words.lines.length === 0 ? [about.line.slice(0, MAX_CHARS)] : words.lines
  const crash: Crash = {
    kind,
    severity,
    line: about.line.slice(0, MAX_CHARS),
    place,
    lines,
    offset,
    ...(about.from && { from: about.from }),
    ...(isAfterEnd && { isAfterEnd }),
    ...survivalOf(about, words.crash),
  }
  const { isOfOther = false, ...own } = words
  const { crash: before } = words
  if (before !== null && isHeldBack(before) && !isOfOther) {
    // What ended the process was the exception that it had printed before.
    const { survivedBy: _, ...known } = before
    const same: Crash = { ...known, ...(isCritical && { severity }), ...survivalOf(about, before) }
    return { words: { ...words, crash: same }, crash: isCritical ? same : null }
  }
  const isSurer = isCritical && before?.severity !== 'critical'
  if (before === null || isOfOther || isSurer || isHeldBack(crash)) return { words: { ...own, crash }, crash }
  const { survivedBy: _, ...known } = before
  return { words: { ...words, crash: { ...known, ...survivalOf(about, before) } }, crash: null }
}

/** How little a kind says of why; 0 where it says why. */
function vagueness(kind: CrashKind): number {
  return VAGUE.indexOf(kind) + 1
}

/** Whether one exit code says less of why than another. A process may abort itself because another one was killed. */
function saysLess(one: number, other: number): boolean {
  const [was, is] = [one, other].map((code) => ENDS_THAT_SAY_LITTLE.indexOf(exitKind(code)))
  return was! > is!
}

/** What the process had said, which others have told the end of. */
function rootOf({ crash: { survivedBy: _, ...said } }: Suspect<About>, { survivedBy }: About): About {
  return { ...said, ...(survivedBy && { survivedBy }) }
}

/** What shows that two failures were survived: what shows it of the graver one. The parts of one chain are such. */
function survivalOf(about: Pick<Crash, 'survivedBy'>, before: Crash | null): Pick<Crash, 'survivedBy'> {
  const all = [about, ...(before === null ? [] : [before])].map(({ survivedBy }) => survivedBy)
  if (all.includes(undefined)) return {}
  return { survivedBy: all.includes('deeds') ? 'deeds' : 'words' }
}

/** The kept lines with one more. Lines before a traceback or a crash are not kept. */
function withLine({ lines, open, crash, suspect }: LastWords, text: string): readonly string[] {
  const kept = open === null && crash === null && suspect == null ? [] : lines
  return [...kept, text.slice(0, MAX_CHARS)].slice(-MAX_LINES)
}

/** What is kept of a line for the next one. Between two tracebacks of one chain it says who wrote the first. */
function beforeNext({ crash }: LastWords, text: string): string {
  if (!isBetweenChained(text)) return text.slice(0, MAX_CHARS)
  const from = crash?.from ?? (crash !== null && crash.severity !== 'critical' ? 'logged' : 'uncaught')
  return from === 'logged' ? `${text} ERROR` : text
}
