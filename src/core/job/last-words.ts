import { bySeverity, type Severity } from '../../protocol/alert.ts'
import { untagged } from '../formats/ranks.ts'
import type { Line } from '../reading/lines.ts'
import { type CrashKind, crashIn, exceptionKind, exitKind, isOrdered } from './crash-patterns.ts'

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

/** A traceback that is being written, or a launcher's report whose exit code is still to come. */
type Open = {
  readonly kind: 'traceback' | 'report'
  readonly offset: number
  readonly from: Origin
  readonly place: CodePlace
}

/**
 * Who wrote a traceback: Python at its end (`uncaught`), a logger or a thread of a job that may go on (`logged`), or a
 * destructor, whose errors Python ignores (`ignored`).
 */
type Origin = 'uncaught' | 'logged' | 'ignored'

/** The innermost line of code that a traceback names, such as `train.py, line 41`. */
type CodePlace = string | null

/** What a job died of, or may have survived, with the last lines that say so. */
export type Crash = {
  readonly kind: CrashKind
  readonly severity: Severity
  /** The line that says it. */
  readonly line: string
  readonly place: CodePlace
  readonly lines: readonly string[]
  readonly offset: number
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
/** The first line of what Python writes about an exception that nobody caught. */
export const TRACEBACK = 'Traceback (most recent call last)'
const CHAINED = ['During handling of the above exception', 'The above exception was the direct cause']
const MAY_BE_CAUGHT: readonly CrashKind[] = ['exception', 'bad-label', 'gpu-memory']

/**
 * The last words after a line that holds no data.
 *
 * A crash is reported at the line that completes it; a traceback is completed
 * by the name of its exception. An exception that the job may have caught is a
 * warning until the log has ended.
 */
export function afterLine(words: LastWords, line: Pick<Line, 'offset' | 'text'>): LastWordsOutcome {
  const text = untagged(line.text).trimEnd()
  if (text === '') return { words, crash: null }
  const next = { ...words, lines: withLine(words, text) }
  if (text.length <= LONGEST_LINE && text.includes(TRACEBACK)) {
    const from = originOf(words.before)
    const open: Open = { kind: 'traceback', offset: line.offset, from, place: null }
    return { words: { ...next, lines: [text.slice(-MAX_CHARS)], open, before: '' }, crash: null }
  }
  switch (words.open?.kind) {
    case 'traceback':
      return inTraceback(next, words.open, text)
    case 'report':
      return inReport(next, words.open, text)
    default:
      return outside(next, text, line.offset)
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
export function afterExit(words: LastWords, code: number, offset: number): LastWordsOutcome {
  const kind = exitKind(code)
  const line = code < 0 ? `signal ${-code}` : `exit code ${code}`
  return withCrash(words, { kind: kind === 'launcher' ? 'error-exit' : kind, line, place: null, offset }, true)
}

/** The last words at the end of the log. A traceback that is not complete never will be, and a crash that no record followed was not caught. */
export function afterEnd(words: LastWords): LastWordsOutcome {
  const { open, crash, lines } = words
  if (open !== null && open.from !== 'ignored') {
    const kind = open.kind === 'report' ? 'launcher' : 'exception'
    return withCrash(
      { ...words, open: null },
      { kind, line: lines.at(-1) ?? '', place: open.place, offset: open.offset },
      true,
    )
  }
  if (crash === null || isOrdered(crash.kind) || crash.severity === 'critical') return { words, crash: null }
  return withCrash(words, crash, true)
}

function inTraceback(words: LastWords, open: Open, text: string): LastWordsOutcome {
  if (text.startsWith(' ') || text.startsWith('\t')) {
    return { words: { ...words, open: { ...open, place: placeOf(text) ?? open.place } }, crash: null }
  }
  // Other processes of the job may write their lines between those of a traceback.
  if (!isException(text)) return { words, crash: null }
  const ended = { ...words, open: null, before: '' }
  if (open.from === 'ignored') return { words: { ...ended, lines: [] }, crash: null }
  const kind = exceptionKind(text.toLowerCase())
  if (kind === 'launcher') return { words: { ...ended, open: { ...open, kind: 'report' } }, crash: null }
  return withCrash(ended, { kind, line: text, place: open.place, offset: open.offset }, open.from === 'uncaught')
}

/** Reads the report of a launcher, which names the process that failed first below its `Root Cause`. */
function inReport(words: LastWords, open: Open, text: string): LastWordsOutcome {
  const isRoot = words.before === 'Root Cause' || text.startsWith('Root Cause')
  const found = isRoot && text.trimStart().startsWith('exitcode') ? Number.parseInt(text.split(':')[1] ?? '', 10) : null
  if (found === null) return { words: { ...words, before: isRoot ? 'Root Cause' : '' }, crash: null }
  const { place, offset } = open
  const line = `a process of the job ended with exit code ${found}`
  return withCrash({ ...words, open: null, before: '' }, { kind: exitKind(found), line, place, offset }, true)
}

function outside(words: LastWords, text: string, offset: number): LastWordsOutcome {
  const before = chained(words, text) ?? text.slice(0, MAX_CHARS)
  const match = text.length > LONGEST_LINE ? null : crashIn(text.toLowerCase())
  const next = { ...words, before }
  return match === null
    ? { words: next, crash: null }
    : withCrash(next, { kind: match.kind, line: text, place: null, offset }, match.isCertain)
}

/** Takes note of a crash. It is reported only if none was before, or if it is surer or sharper than the one before. */
function withCrash(words: LastWords, about: Omit<Crash, 'severity' | 'lines'>, isCertain: boolean): LastWordsOutcome {
  // TensorFlow names the bad label below the exception: this is the same crash, and as certain as it was.
  const isSharper = about.kind === 'bad-label' && words.crash?.kind === 'exception'
  const isCritical = isCertain && !isOrdered(about.kind) && !words.isFinished
  const severity: Severity = isSharper ? words.crash.severity : isCritical ? 'critical' : 'warning'
  const { kind, place, offset } = about
  const lines = words.lines.length === 0 ? [about.line.slice(0, MAX_CHARS)] : words.lines
  const crash: Crash = { kind, severity, line: about.line.slice(0, MAX_CHARS), place, lines, offset }
  const isNews = words.crash === null || isSharper || bySeverity(severity, words.crash.severity) < 0
  return isNews ? { words: { ...words, crash }, crash } : { words, crash: null }
}

function isSilent({ before, lines, open, isFinished }: LastWords): boolean {
  return before === '' && lines.length === 0 && open === null && !isFinished
}

/** The kept lines with one more. Lines before a traceback or a crash are not kept. */
function withLine({ lines, open, crash }: LastWords, text: string): readonly string[] {
  const kept = open === null && crash === null ? [] : lines
  return [...kept, text.slice(0, MAX_CHARS)].slice(-MAX_LINES)
}

function originOf(before: string): Origin {
  if (before.startsWith('Exception ignored in')) return 'ignored'
  return before.startsWith('Exception in thread') || hasLevel(before) ? 'logged' : 'uncaught'
}

/** Whether a logger wrote the line, as `ERROR:root:…` or `E0315 12:02:05 …`. */
function hasLevel(line: string): boolean {
  return /\b(?:ERROR|WARN|WARNING|CRITICAL|EXCEPTION)\b/.test(line) || /^[EWF]\d{4} /.test(line)
}

/**
 * The `before` of a line that Python writes between two tracebacks of one exception; null for any other line. It gives
 * the second traceback the same origin as the first.
 */
function chained({ crash }: LastWords, text: string): string | null {
  if (!CHAINED.some((words) => text.startsWith(words))) return null
  return crash?.severity === 'warning' ? 'ERROR' : ''
}

/** Whether a line names an exception, as `Name` or `package.Name: message`. No other line ends a traceback for sure. */
function isException(text: string): boolean {
  const name = /^[A-Za-z_][\w.]{0,120}(?=:|$)/.exec(text)?.[0]
  return name !== undefined && /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1))
}

/** `File "a/train.py", line 41, in main` → `a/train.py, line 41`. */
function placeOf(text: string): CodePlace {
  const frame = /^\s{1,16}File "([^"]{1,200})", line (\d{1,9})/.exec(text)
  return frame === null ? null : `${frame[1]}, line ${frame[2]}`
}
