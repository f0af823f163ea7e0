import { bySeverity, type Severity } from '../../protocol/alert.ts'
import { untagged } from '../formats/ranks.ts'
import type { Line } from '../reading/lines.ts'
import { type CrashKind, crashSign, exceptionKind, exitKind, isOrdered } from './crash-signs.ts'

/** What one file has said of the end of its job since its last record; plain JSON. */
export type LastWords = {
  readonly lastStep: number | null
  /** The line before, as far as it may tell what a traceback is. */
  readonly before: string
  /** The newest lines, oldest first: kept while something is wrong. */
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

/** Who wrote the traceback: Python at its end, a logger or a thread of a job that may go on, or a destructor. */
type Origin = 'uncaught' | 'logged' | 'ignored'

/** The innermost line of code that a traceback names, such as `train.py, line 41`. */
type CodePlace = string | null

/** What a job died of, or what it may have survived, with the last lines that say so. */
export type Crash = {
  readonly kind: CrashKind
  readonly severity: Severity
  /** The line that says it. */
  readonly line: string
  readonly place: CodePlace
  readonly lines: readonly string[]
  readonly offset: number
}

export interface Heard {
  readonly words: LastWords
  /** A death to report, or one that is now surer than before. */
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
/** The head of what Python says when nobody caught an exception. */
export const TRACEBACK = 'Traceback (most recent call last)'
const CHAINED = ['During handling of the above exception', 'The above exception was the direct cause']
const MAY_BE_CAUGHT: readonly CrashKind[] = ['exception', 'bad-label', 'gpu-memory']

/**
 * Folds in a line that holds no data.
 *
 * A crash is told at the line that completes it, a traceback at its exception.
 * What may have been caught is a warning until the log has ended.
 */
export function hear(words: LastWords, line: Pick<Line, 'offset' | 'text'>): Heard {
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

/** Folds in a record: the job lives. Says of a reported crash whether it was caught, or the job has begun again. */
export function hearRecord(
  words: LastWords,
  step: number | null,
): { readonly words: LastWords; readonly over: 'caught' | 'restarted' | null } {
  const { crash, lastStep } = words
  const next = { ...SILENT, lastStep: step ?? lastStep }
  if (crash === null) return { words: isSilent(words) && step === lastStep ? words : next, over: null }
  const goesOn = step === null || lastStep === null || step > lastStep
  const isFatal = !MAY_BE_CAUGHT.includes(crash.kind) && crash.severity === 'critical'
  return { words: next, over: goesOn && !isFatal ? 'caught' : 'restarted' }
}

/** Notes that the log says that training ended: what goes wrong after it is no crash of the training. */
export function hearFinish(words: LastWords): LastWords {
  return { ...words, isFinished: true }
}

/** Folds in the code, other than 0, with which the log says that its process ended. */
export function hearExit(words: LastWords, code: number, offset: number): Heard {
  const kind = exitKind(code)
  const line = code < 0 ? `signal ${-code}` : `exit code ${code}`
  return tell(words, { kind: kind === 'launcher' ? 'error-exit' : kind, line, place: null, offset }, true)
}

/** The log has ended: what was half written stays so, and what nothing followed was not caught. */
export function hearEnd(words: LastWords): Heard {
  const { open, crash, lines } = words
  if (open !== null && open.from !== 'ignored') {
    const kind = open.kind === 'report' ? 'launcher' : 'exception'
    return tell(
      { ...words, open: null },
      { kind, line: lines.at(-1) ?? '', place: open.place, offset: open.offset },
      true,
    )
  }
  if (crash === null || isOrdered(crash.kind) || crash.severity === 'critical') return { words, crash: null }
  return tell(words, crash, true)
}

function inTraceback(words: LastWords, open: Open, text: string): Heard {
  if (text.startsWith(' ') || text.startsWith('\t')) {
    return { words: { ...words, open: { ...open, place: placeOf(text) ?? open.place } }, crash: null }
  }
  // The output of other processes comes in between.
  if (!isException(text)) return { words, crash: null }
  const ended = { ...words, open: null, before: '' }
  if (open.from === 'ignored') return { words: { ...ended, lines: [] }, crash: null }
  const kind = exceptionKind(text.toLowerCase())
  if (kind === 'launcher') return { words: { ...ended, open: { ...open, kind: 'report' } }, crash: null }
  return tell(ended, { kind, line: text, place: open.place, offset: open.offset }, open.from === 'uncaught')
}

/** The report of a launcher names the process that failed first below its `Root Cause`. */
function inReport(words: LastWords, open: Open, text: string): Heard {
  const isRoot = words.before === 'Root Cause' || text.startsWith('Root Cause')
  const found = isRoot && text.trimStart().startsWith('exitcode') ? Number.parseInt(text.split(':')[1] ?? '', 10) : null
  if (found === null) return { words: { ...words, before: isRoot ? 'Root Cause' : '' }, crash: null }
  const { place, offset } = open
  const line = `a process of the job ended with exit code ${found}`
  return tell({ ...words, open: null, before: '' }, { kind: exitKind(found), line, place, offset }, true)
}

function outside(words: LastWords, text: string, offset: number): Heard {
  const before = chained(words, text) ?? text.slice(0, MAX_CHARS)
  const sign = text.length > LONGEST_LINE ? null : crashSign(text.toLowerCase())
  const next = { ...words, before }
  return sign === null
    ? { words: next, crash: null }
    : tell(next, { kind: sign.kind, line: text, place: null, offset }, sign.isCertain)
}

function tell(words: LastWords, about: Omit<Crash, 'severity' | 'lines'>, isCertain: boolean): Heard {
  // What the exception was about stands below it: the crash is as certain as it was.
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

/** Lines are kept from the first that is wrong. */
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

/** Between two tracebacks of one exception stands a line of Python's: the second is as logged as the first. */
function chained({ crash }: LastWords, text: string): string | null {
  if (!CHAINED.some((words) => text.startsWith(words))) return null
  return crash?.severity === 'warning' ? 'ERROR' : ''
}

/** `Name` or `package.Name: message`: no other line that ends a traceback is sure to. */
function isException(text: string): boolean {
  const name = /^[A-Za-z_][\w.]{0,120}(?=:|$)/.exec(text)?.[0]
  return name !== undefined && /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1))
}

/** `File "a/train.py", line 41, in main` → `a/train.py, line 41`. */
function placeOf(text: string): CodePlace {
  const frame = /^\s{1,16}File "([^"]{1,200})", line (\d{1,9})/.exec(text)
  return frame === null ? null : `${frame[1]}, line ${frame[2]}`
}
