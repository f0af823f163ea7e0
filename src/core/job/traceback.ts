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
}

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
/** The functions in which Python begins a program, a process or a worker: an exception that reaches one ends it. */
const OUTERMOST =
  /^(?:<\S*|_bootstrap(?:_inner)?|_run_module_as_main|_run_code|_run_module_code|run_path|_wrap|_worker_loop|spawn_main|_main)$/
/** A logger that says with the exception that the job gives up. */
const GIVES_UP =
  /\b(?:critical|fatal|unhandled|uncaught|(?:training|job|run|main) (?:has )?(?:failed|crashed|aborted|died))\b/i

/** The traceback whose first line stands below the line `before`. */
export function opened(before: string, offset: number): Open {
  const from = originOf(before)
  const survivedBy = from === 'logged' && !GIVES_UP.test(before) ? 'words' : 'deeds'
  const open: Open = {
    kind: 'traceback',
    offset,
    from,
    place: null,
    survivedBy,
  }
  // Hydra
  return before.startsWith('Error executing job') ? { ...open, isTrimmed: true } : open
}

/** A traceback with one more of its lines. One whose first frame is no program's was printed by who caught it. */
export function withFrame(open: Open, text: string): Open {
  const place = placeOf(text)
  if (place === null) return open
  const isPrinted = open.place === null && open.from === 'uncaught' && open.isTrimmed !== true && !isOutermost(text)
  return { ...open, place, ...(isPrinted ? { survivedBy: 'words' } : {}) }
}

function isOutermost(frame: string): boolean {
  const name = /, in (\S+)/.exec(frame)?.[1]
  return name === undefined || OUTERMOST.test(name)
}

function originOf(before: string): Origin {
  if (/^(?:Exception ignored in|Error in (?:atexit|sys\.exitfunc))/.test(before)) return 'ignored'
  return before.startsWith('Exception in thread') || hasLevel(before) ? 'logged' : 'uncaught'
}

/** Whether a logger wrote the line, as `ERROR:root:…` or `E0315 12:02:05 …`. */
function hasLevel(line: string): boolean {
  return /\b(?:ERROR|WARN|WARNING|CRITICAL|EXCEPTION)\b/.test(line) || /^[EWF]\d{4} /.test(line)
}

/** Whether a line names an exception, as `Name` or `package.Name: message`. No other line ends a traceback for sure. */
export function isException(text: string): boolean {
  const name = /^[A-Za-z_][\w.]{0,120}(?=:|$)/.exec(text)?.[0]
  return name !== undefined && /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1))
}

/** `File "a/train.py", line 41, in main` → `a/train.py, line 41`. */
function placeOf(text: string): CodePlace {
  const frame = /^\s{1,16}File "([^"]{1,200})", line (\d{1,9})/.exec(text)
  return frame === null ? null : `${frame[1]}, line ${frame[2]}`
}
