/** A traceback that is being written, or a launcher's report whose exit code is still to come. */
export type Open = {
  readonly kind: 'traceback' | 'report'
  readonly offset: number
  readonly from: Origin
  readonly place: CodePlace
  /** What would show that the job survived it. A state of an older version does not say. */
  readonly survivedBy?: Survival
  /** Set where the traceback leaves out the outermost frames. */
  readonly isTrimmed?: true
  /** Set where training had ended before. */
  readonly isAfterEnd?: true
  /** Set in a thread, as long as no frame is of the job's own code. */
  readonly isOfLibraries?: true
  /** How it belongs to the one above it; not there where it does not. */
  readonly link?: Link
}

/**
 * How a traceback belongs to the one above it. Python writes below a `root` what came of it; a process that passes on the
 * exception of another one writes the `original` below its own.
 */
export type Link = 'consequence' | 'original'

/**
 * What shows that a job has survived an exception: any of its words of an end; only what no shell and no launcher would
 * say, such as that a model was saved; or, where it is not set, only a record.
 */
export type Survival = 'words' | 'deeds'

/**
 * Who wrote a traceback: Python at its end (`uncaught`), a logger or a thread of a job that may go on (`logged`), or a
 * destructor or at the exit, whose errors Python ignores (`ignored`).
 */
export type Origin = 'uncaught' | 'logged' | 'ignored'

/** The innermost line of code that a traceback names, such as `train.py, line 41`. */
export type CodePlace = string | null

/** The first line of what Python writes about an exception that nobody caught. */
export const TRACEBACK = 'Traceback (most recent call last)'
const OPENS = /Traceback \(most recent call last\):?\s*$/

/** Whether a traceback opens with a line: Python ends the line there. What goes on behind it is quoted, as in the text of a sample. */
export function opensTraceback(line: string): boolean {
  return line.includes(TRACEBACK) && OPENS.test(line.slice(-100))
}
/** How much of it is read. */
const LONGEST_FIELD = 16_384
/** What stands before it in its line. */
const OF_LOGGER = /(?<!\\)"$|\b(?:msg|message|event|error|err|exc\w{0,10}|log|details?)"?\s?[:=]\s?"(?:[^"\\]|\\.)*$/
const CHAINED = ['During handling of the above exception', 'The above exception was the direct cause']
/** The line above the traceback of a process whose exception another one has passed on. */
const PASSED_ON = /^-- Process \d+ terminated with the following error/
const IN_THREAD = 'Exception in thread'
const LIBRARY = /(?:site|dist)-packages\/|\/lib\/python\d|\\lib\\|"<frozen /i
/** What of Python tidies up behind a job. No job ends of what it says. */
const OF_HELPER = /\bmultiprocessing\/resource_tracker\.py"|\bweakref\.py", line \d+, in _exitfunc/
/** Text that was executed, such as what a model wrote, and no file of a job. */
const EXECUTED = '<string>, '
/** The functions in which Python begins a program, a process or a worker: an exception that reaches one ends it. */
const OUTERMOST =
  /^(?:<\S*|_bootstrap(?:_inner)?|_run_module_as_main|_run_code|_run_module_code|run_path|_wrap|_worker_loop|spawn_main|_main)$/
/** A logger that says with the exception that the job gives up. */
const GIVES_UP =
  /\b(?:critical|fatal|unhandled|uncaught|(?:training|job|run|main) (?:has )?(?:failed|crashed|aborted|died))\b/i

/** The traceback that this first line of it opens, below the line `before`. */
export function opened(line: string, before: string, offset: number): Open {
  const from = originOf(before)
  const survivedBy = from === 'logged' && !GIVES_UP.test(before) ? 'words' : 'deeds'
  const open: Open = {
    kind: 'traceback',
    offset,
    from,
    place: null,
    survivedBy,
  }
  const link = linkOf(line, before)
  // Hydra
  const isTrimmed = before.startsWith('Error executing job')
  const isOfLibraries = before.startsWith(IN_THREAD)
  return {
    ...open,
    ...(link !== null && { link }),
    ...(isTrimmed && { isTrimmed }),
    ...(isOfLibraries && { isOfLibraries }),
  }
}

/**
 * The lines of a traceback that stands in a field of one line, as JSON writes it; null where there is none.
 *
 * A field begins with it, or with a message. Any other text that holds one is the text of a sample.
 */
export function foldedTraceback(line: string): readonly string[] | null {
  const start = line.indexOf(`${TRACEBACK}:\\n  `)
  if (start === -1 || !OF_LOGGER.test(line.slice(Math.max(0, start - LONGEST_FIELD), start))) return null
  const field = /^(?:[^"\\]|\\.)*/s.exec(line.slice(start, start + LONGEST_FIELD))![0]
  return field
    .split('\\n')
    .map((text) => text.replace(/\\(["'\\/])/g, '$1'))
    .filter((text) => text !== '')
}

/** What Python writes between two tracebacks of one chain. */
export function isBetweenChained(line: string): boolean {
  return CHAINED.some((words) => line.startsWith(words))
}

function linkOf(line: string, before: string): Link | null {
  if (line.startsWith('Original Traceback') || PASSED_ON.test(before)) return 'original'
  return isBetweenChained(before) ? 'consequence' : null
}

/**
 * A traceback with one more of its lines. One whose first frame is no program's was printed by who caught it. One that
 * stays within executed text is of a sample, be it that a process was begun with `python -c`.
 */
export function withFrame(open: Open, text: string): Open {
  const place = placeOf(text)
  if (place === null) return open
  const isExecuted = open.from === 'uncaught' && place.startsWith(EXECUTED)
  if (open.place === null && (OF_HELPER.test(text) || isExecuted)) return { ...open, place, from: 'ignored' }
  if (open.place?.startsWith(EXECUTED) === true && !place.startsWith(EXECUTED))
    return { ...open, place, from: 'uncaught' }
  if (open.isOfLibraries && !LIBRARY.test(text)) {
    const { isOfLibraries: _, ...own } = open
    return withFrame(own, text)
  }
  const isPrinted = open.place === null && open.from === 'uncaught' && open.isTrimmed !== true && !isOutermost(text)
  return { ...open, place, ...(isPrinted ? { survivedBy: 'words' } : {}) }
}

function isOutermost(frame: string): boolean {
  const name = /, in (\S+)/.exec(frame)?.[1]
  return name === undefined || OUTERMOST.test(name)
}

function originOf(before: string): Origin {
  if (
    /^(?:Exception ignored (?:in|while)|Task exception was never retrieved|future: <(?:Task|Future)\b|Error in (?:atexit|sys\.exitfunc)|--- Logging error ---)/.test(
      before,
    )
  )
    return 'ignored'
  return before.startsWith(IN_THREAD) || hasLevel(before) ? 'logged' : 'uncaught'
}

/** Whether a logger wrote the line, as `ERROR:root:…`, `E0315 12:02:05 …` or `[W 2026-03-15 …`. */
function hasLevel(line: string): boolean {
  return /\b(?:ERROR|WARN|WARNING|CRITICAL|EXCEPTION)\b/.test(line) || /^\[?[EWF] ?\d{4}[ -]/.test(line)
}

/** The exceptions of `cv2`, `socket`, `zlib` and others begin with a small letter. */
const SMALL_NAME = /^(?:\w*error|timeout)$/

/**
 * Whether a line names an exception, as `Name` or `package.Name: message`. No other line ends a traceback for sure.
 */
export function isException(text: string): boolean {
  const name = /^([A-Za-z_][\w.]{0,120})(?=:|$)/.exec(text)?.[1]
  if (name === undefined) return false
  const [own = '', ...path] = name.split('.').toReversed()
  return /^_?[A-Z]/.test(own) || (path.length > 0 && SMALL_NAME.test(own))
}

/** An exception by a name that no metric has, as Python ends a traceback with it. */
const ERROR_NAME = /^(?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z]\w{0,60}(?:Error|Exception|Interrupt|Exit|Iteration)(?:: |$)/

/** Whether a line is that of an exception, whatever names and numbers its message holds. */
export function isLineOfError(text: string, isInTraceback: boolean): boolean {
  return ERROR_NAME.test(text) || (isInTraceback && isException(text))
}

/** `File "a/train.py", line 41, in main` → `a/train.py, line 41`. */
function placeOf(text: string): CodePlace {
  const frame = /^\s{1,16}File "([^"]{1,200})", line (\d{1,9})/.exec(text)
  return frame === null ? null : `${frame[1]}, line ${frame[2]}`
}
