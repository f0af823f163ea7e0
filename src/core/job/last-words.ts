import { bySeverity, type Severity } from '../../protocol/alert.ts'
import { untagged } from '../formats/ranks.ts'
import type { Line } from '../reading/lines.ts'
import { type CrashKind, crashIn, exceptionKind, exitKind, isOrdered } from './crash-patterns.ts'
import {
  type CodePlace,
  isException,
  type Open,
  type Origin,
  opened,
  type Survival,
  TRACEBACK,
  withFrame,
} from './traceback.ts'

/** What one file says about the end of its job since its last record; plain JSON. */
export type LastWords = {
  readonly lastStep: number | null
  /** What the line read last says about the next one: who writes a traceback, or what part of a launcher's report comes. */
  readonly before: string
  /** The newest lines, oldest first. They are kept while something is wrong. */
  readonly lines: readonly string[]
  readonly open: Open | null
  readonly crash: Crash | null
  readonly isFinished: boolean
}

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
}

/** The last words after something more was read, and what that shows. */
export interface LastWordsOutcome {
  readonly words: LastWords
  /** A crash to report: a new one, or one that is now surer than before. */
  readonly crash: Crash | null
}

export const SILENT: LastWords = {
  lastStep: null,
  before: '',
  lines: [],
  open: null,
  crash: null,
  isFinished: false,
}

/** How many of the last lines are kept. */
const MAX_LINES = 8
/** How much of each line is kept. */
const MAX_CHARS = 300
/** A longer line is no message. */
const LONGEST_LINE = 400
const CHAINED = ['During handling of the above exception', 'The above exception was the direct cause']
const MAY_BE_CAUGHT: readonly CrashKind[] = ['exception', 'bad-label', 'gpu-memory']

/**
 * The last words after a line that holds no data.
 *
 * A crash is reported at the line that completes it; a traceback is completed
 * by the name of its exception. An exception that the job may have caught is a
 * warning until the log has ended. `hasCountedOut` says whether the run had come to its last step by then.
 */
export function afterLine(
  words: LastWords,
  line: Pick<Line, 'offset' | 'text'>,
  hasCountedOut: () => boolean = () => false,
): LastWordsOutcome {
  const text = untagged(line.text).trimEnd()
  if (text === '') return { words, crash: null }
  const next = { ...words, lines: withLine(words, text) }
  if (text.length <= LONGEST_LINE && text.includes(TRACEBACK)) {
    const open = { ...opened(words.before, line.offset), ...afterTraining(words, hasCountedOut) }
    return { words: { ...next, lines: [text.slice(-MAX_CHARS)], open, before: '' }, crash: null }
  }
  switch (words.open?.kind) {
    case 'traceback':
      return inTraceback(next, words.open, text)
    case 'report':
      return inReport(next, words.open, text)
    default:
      return outside(next, text, line.offset, hasCountedOut)
  }
}

/**
 * The last words after a record, which shows that the job lives.
 *
 * One of no training, such as a last evaluation, leaves a job that had finished as it is. `over` says how a crash that was reported before has ended: the job caught it
 * or has started again. It is null where no crash was reported.
 */
export function afterRecord(
  words: LastWords,
  step: number | null,
  isOfTraining: boolean,
): { readonly words: LastWords; readonly over: 'caught' | 'restarted' | null } {
  const { crash, lastStep } = words
  const next = { ...SILENT, lastStep: step ?? lastStep, isFinished: words.isFinished && !isOfTraining }
  if (crash === null) return { words: isSilent(words) && step === lastStep ? words : next, over: null }
  const goesOn = step === null || lastStep === null || step > lastStep
  const isFatal = !MAY_BE_CAUGHT.includes(crash.kind) && crash.severity === 'critical'
  return { words: next, over: goesOn && !isFatal ? 'caught' : 'restarted' }
}

/** The last words after the log says that training ended. What goes wrong later is no crash of the training. */
export function afterFinish(words: LastWords): LastWords {
  return { ...words, isFinished: true }
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
  return { ...SILENT, lastStep: words.lastStep, isFinished: words.isFinished }
}

/** The last words at the end of the log. A traceback that is not complete never will be, and a crash that no record followed was not caught. */
export function afterEnd(words: LastWords): LastWordsOutcome {
  const { open, crash, lines } = words
  if (open !== null && open.from !== 'ignored') {
    const kind = open.kind === 'report' ? 'launcher' : 'exception'
    return withCrash({ ...words, open: null }, { ...aboutOf(open), kind, line: lines.at(-1) ?? '' }, true)
  }
  if (crash === null || isOrdered(crash.kind) || crash.severity === 'critical') return { words, crash: null }
  return withCrash(words, crash, true)
}

function inTraceback(words: LastWords, open: Open, text: string): LastWordsOutcome {
  if (text.startsWith(' ') || text.startsWith('\t')) {
    return { words: { ...words, open: withFrame(open, text) }, crash: null }
  }
  // Other processes of the job may write their lines between those of a traceback.
  if (!isException(text)) return { words, crash: null }
  const ended = { ...words, open: null, before: '' }
  if (open.from === 'ignored') return { words: { ...ended, lines: [] }, crash: null }
  const kind = exceptionKind(text.toLowerCase())
  if (kind === 'launcher') return { words: { ...ended, open: { ...open, kind: 'report' } }, crash: null }
  return withCrash(ended, { ...aboutOf(open), kind, line: text }, open.from === 'uncaught')
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

/** Reads the report of a launcher, which names the process that failed first below its `Root Cause`. */
function inReport(words: LastWords, open: Open, text: string): LastWordsOutcome {
  const isRoot = words.before === 'Root Cause' || text.startsWith('Root Cause')
  const found = isRoot && text.trimStart().startsWith('exitcode') ? Number.parseInt(text.split(':')[1] ?? '', 10) : null
  if (found === null) return { words: { ...words, before: isRoot ? 'Root Cause' : '' }, crash: null }
  const { survivedBy: _, ...about } = aboutOf(open)
  const line = `a process of the job ended with exit code ${found}`
  return withCrash({ ...words, open: null, before: '' }, { ...about, kind: exitKind(found), line }, true)
}

function outside(words: LastWords, text: string, offset: number, hasCountedOut: () => boolean): LastWordsOutcome {
  const before = chained(words, text) ?? text.slice(0, MAX_CHARS)
  const match = text.length > LONGEST_LINE ? null : crashIn(text.toLowerCase())
  const next = { ...words, before }
  if (match === null) return { words: next, crash: null }
  const about = { kind: match.kind, line: text, place: null, offset, ...afterTraining(words, hasCountedOut) }
  return withCrash(next, match.isCertain ? about : { ...about, survivedBy: 'words' }, match.isCertain)
}

/** Takes note of a crash. It is reported only if none was before, or if it is surer or sharper than the one before. */
function withCrash(words: LastWords, about: Omit<Crash, 'severity' | 'lines'>, isCertain: boolean): LastWordsOutcome {
  // TensorFlow names the bad label below the exception: this is the same crash, and as certain as it was.
  const isSharper = about.kind === 'bad-label' && words.crash?.kind === 'exception'
  const isAfterEnd = about.isAfterEnd ?? words.crash?.isAfterEnd
  const isCritical = isCertain && !isOrdered(about.kind) && isAfterEnd !== true
  const severity: Severity = isSharper ? words.crash.severity : isCritical ? 'critical' : 'warning'
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
  if (words.crash === null || isSharper || bySeverity(severity, words.crash.severity) < 0)
    return { words: { ...words, crash }, crash }
  const { survivedBy: _, ...known } = words.crash
  return { words: { ...words, crash: { ...known, ...survivalOf(about, words.crash) } }, crash: null }
}

/** What shows that two failures were survived: what shows it of the graver one. The parts of one chain are such. */
function survivalOf(about: Pick<Crash, 'survivedBy'>, before: Crash | null): Pick<Crash, 'survivedBy'> {
  const all = [about, ...(before === null ? [] : [before])].map(({ survivedBy }) => survivedBy)
  if (all.includes(undefined)) return {}
  return { survivedBy: all.includes('deeds') ? 'deeds' : 'words' }
}

function isSilent({ before, lines, open, isFinished }: LastWords): boolean {
  return before === '' && lines.length === 0 && open === null && !isFinished
}

/** The kept lines with one more. Lines before a traceback or a crash are not kept. */
function withLine({ lines, open, crash }: LastWords, text: string): readonly string[] {
  const kept = open === null && crash === null ? [] : lines
  return [...kept, text.slice(0, MAX_CHARS)].slice(-MAX_LINES)
}

/**
 * The `before` of a line that Python writes between two tracebacks of one exception; null for any other line. It gives
 * the second traceback the same origin as the first.
 */
function chained({ crash }: LastWords, text: string): string | null {
  if (!CHAINED.some((words) => text.startsWith(words))) return null
  return (crash?.from ?? (crash?.severity === 'warning' ? 'logged' : 'uncaught')) === 'logged' ? 'ERROR' : ''
}
