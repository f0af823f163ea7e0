import { bySeverity, type Severity } from '../../protocol/alert.ts'
import { isDeadly, isGeneral, isOrdered } from '../crashes/index.ts'
import { untagged } from '../formats/ranks.ts'
import type { Line } from '../reading/lines.ts'
import { type CrashKind, crashIn, exceptionKind, exitKind, messageIn } from './crash-patterns.ts'

/** What one file says about the end of its job since its last record; plain JSON. */
export type LastWords = {
  readonly lastStep: number | null
  /** What the line read last says about the next one: who writes a traceback, or what part of a launcher's report comes. */
  readonly before: string
  /** The newest lines, oldest first. They are kept while something is wrong. */
  readonly lines: readonly string[]
  readonly open: Open | null
  readonly crash: Crash | null
  /** What may have ended the job, if nothing but a few lines comes after it. States of earlier versions lack it. */
  readonly suspect?: Suspect | null
  readonly isFinished: boolean
}

/** An error that a job printed in a line of its own, and how many lines came after it. */
type Suspect = { readonly crash: Omit<Crash, 'severity' | 'lines'>; readonly since: number }

/** A traceback that is being written, or a launcher's report whose exit code is still to come. */
type Open = {
  readonly kind: 'traceback' | 'report'
  readonly offset: number
  readonly from: Origin
  readonly place: CodePlace
}

/**
 * Who wrote a traceback: Python at its end (`uncaught`), a logger or a thread of a job that may go on (`logged`), or a
 * destructor, whose errors Python ignores (`ignored`). One that Python writes below another, as what came of it, is a
 * `consequence`; one that a process wrote whose exception another has passed on is the `original`.
 */
type Origin = 'uncaught' | 'logged' | 'ignored' | 'consequence' | 'original'

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
  suspect: null,
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
/** The line above the traceback of a process whose exception another one has passed on. */
const PASSED_ON = /^-- Process \d+ terminated with the following error/
/** The `before` of a traceback that Python chains to the one above. */
const CONSEQUENCE = 'a consequence'
/** More lines than these after an error show that the job outlived it. A job that ends writes some: a summary, what it leaks. */
const MOST_LINES_AFTER = 20

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
  const next = { ...words, lines: withLine(words, text), suspect: stillSuspect(words) }
  if (text.length <= LONGEST_LINE && text.includes(TRACEBACK)) {
    const from = originOf(words, text)
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
  const isFatal = isDeadly(crash.kind) && crash.severity === 'critical'
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
  const { open, crash, suspect, lines } = words
  if (open !== null && open.from !== 'ignored') {
    const kind = open.kind === 'report' ? 'launcher' : 'exception'
    return withCrash(
      { ...words, open: null },
      { kind, line: lines.at(-1) ?? '', place: open.place, offset: open.offset },
      true,
    )
  }
  if (crash === null) return suspect == null ? { words, crash: null } : withCrash(words, suspect.crash, true)
  if (isOrdered(crash.kind) || crash.severity === 'critical') return { words, crash: null }
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
  const about = { kind, line: text, place: open.place, offset: open.offset }
  if (words.crash !== null && open.from === 'consequence') return { words: ended, crash: null }
  if (words.crash !== null && open.from === 'original') return sharpened(ended, words.crash, about)
  return withCrash(ended, about, open.from === 'uncaught')
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
  const next = { ...words, before }
  if (text.length > LONGEST_LINE) return { words: next, crash: null }
  const { crash } = words
  if (crash !== null && isGeneral(crash.kind) && goesOn(crash, text)) {
    const kind = messageIn(text.toLowerCase())
    if (kind !== null) return sharpened(next, crash, { ...crash, kind })
  }
  const match = crashIn(text.toLowerCase())
  if (match === null) return { words: next, crash: null }
  const about = { kind: match.kind, line: text.slice(0, MAX_CHARS), place: null, offset }
  if (match.how !== 'if-last') return withCrash(next, about, match.how === 'dead')
  const isFirst = crash === null && words.suspect === null
  return { words: isFirst ? { ...next, suspect: { crash: about, since: 0 } } : next, crash: null }
}

/** The same crash, of which more is known now. It is as certain as it was. */
function sharpened(
  words: LastWords,
  { severity }: Crash,
  { kind, line, place, offset }: Omit<Crash, 'severity' | 'lines'>,
): LastWordsOutcome {
  const crash: Crash = { kind, severity, line: line.slice(0, MAX_CHARS), place, lines: words.lines, offset }
  return { words: { ...words, crash }, crash }
}

/**
 * Whether a line may belong to the message of an error that ended with the line before. TensorFlow puts a colon behind
 * the first one, and C++ prints `what():` below; who only says that something failed is followed by what.
 */
function goesOn({ line }: Crash, text: string): boolean {
  return /[:.]$/.test(line.trimEnd()) || text.trimStart().startsWith('what():')
}

/** What the job may have died of, as long as only a few lines came after it. */
function stillSuspect({ suspect = null }: LastWords): Suspect | null {
  if (suspect === null || suspect.since >= MOST_LINES_AFTER) return null
  return { ...suspect, since: suspect.since + 1 }
}

/** Takes note of a crash. It is reported only if none was before, or if it is surer or sharper than the one before. */
function withCrash(words: LastWords, about: Omit<Crash, 'severity' | 'lines'>, isCertain: boolean): LastWordsOutcome {
  const isCritical = isCertain && !isOrdered(about.kind) && !words.isFinished
  const severity: Severity = isCritical ? 'critical' : 'warning'
  const { kind, place, offset } = about
  const lines = words.lines.length === 0 ? [about.line.slice(0, MAX_CHARS)] : words.lines
  const crash: Crash = { kind, severity, line: about.line.slice(0, MAX_CHARS), place, lines, offset }
  const isNews = words.crash === null || bySeverity(severity, words.crash.severity) < 0
  return isNews ? { words: { ...words, crash }, crash } : { words, crash: null }
}

function isSilent({ before, lines, open, suspect, isFinished }: LastWords): boolean {
  return suspect == null && before === '' && lines.length === 0 && open === null && !isFinished
}

/** The kept lines with one more. Lines before a traceback or a crash are not kept. */
function withLine({ lines, open, crash, suspect }: LastWords, text: string): readonly string[] {
  const kept = open === null && crash === null && suspect == null ? [] : lines
  return [...kept, text.slice(0, MAX_CHARS)].slice(-MAX_LINES)
}

function originOf({ before }: LastWords, text: string): Origin {
  if (text.startsWith('Original Traceback') || PASSED_ON.test(before)) return 'original'
  if (before === CONSEQUENCE) return 'consequence'
  if (before.startsWith('Exception ignored in')) return 'ignored'
  return before.startsWith('Exception in thread') || hasLevel(before) ? 'logged' : 'uncaught'
}

/** Whether a logger wrote the line, as `ERROR:root:…` or `E0315 12:02:05 …`. */
function hasLevel(line: string): boolean {
  return /\b(?:ERROR|WARN|WARNING|CRITICAL|EXCEPTION)\b/.test(line) || /^[EWF]\d{4} /.test(line)
}

/** The `before` of a line that Python writes between two tracebacks of one exception; null for any other line. */
function chained({ crash }: LastWords, text: string): string | null {
  if (!CHAINED.some((words) => text.startsWith(words))) return null
  return crash === null ? '' : CONSEQUENCE
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
