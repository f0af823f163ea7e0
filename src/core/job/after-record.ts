import { isDeadly } from '../crashes/index.ts'
import { type Caught, type LastWords, MAX_CHARS, NO_LINES } from './last-words.ts'
import { afterStep, isNextPass, type PassPoint } from './passes.ts'

/** So many lines, the one about a death included, stand between two steps of a job that did not die. */
const MOST_LINES_BESIDE = 4

/**
 * The last words after a record, which shows that the job lives.
 *
 * One of no training, such as a last evaluation, leaves a job that had finished as it is. `over` says how a crash that
 * was reported before has ended: the job caught it or has started again. It is null where no crash was reported.
 * `isOfSameProcess` says whether the process that printed an exception is seen to write on: then it has caught that,
 * whatever its step.
 */
export function afterRecord(
  words: LastWords,
  at: PassPoint,
  isOfTraining: boolean,
  isOfSameProcess: () => boolean = () => false,
): { readonly words: LastWords; readonly over: 'caught' | 'restarted' | null } {
  const { crash, lastStep, isOfOther = false } = words
  const { step } = at
  const isPrinter = () => crash?.from !== undefined && !isOfOther && step !== lastStep && isOfSameProcess()
  const goesOn =
    step === null || lastStep === null || step > lastStep || isOfNextPass(words, lastStep, at) || isPrinter()
  // All keys are written out: copying SILENT and replacing some of it takes many times as long.
  const next: LastWords = {
    lastStep: step ?? lastStep,
    passes: afterStep(words.passes, lastStep, at, crash === null || goesOn),
    before: '',
    lines: NO_LINES,
    open: null,
    crash: null,
    caught: crash === null || goesOn ? caughtBy(words) : undefined,
    suspect: null,
    isFinished: words.isFinished && !isOfTraining,
    outlived: isOfOther ? undefined : outlivedBy(words),
  }
  if (crash !== null && isOfOther) return { words: next, over: 'restarted' }
  const isSame = step === lastStep && (at.epoch === null || at.epoch === words.passes?.epoch)
  if (crash === null) return { words: isSilent(words) && isSame ? words : next, over: null }
  // A bar that is drawn once more shows its last step again.
  if (step !== null && step === lastStep && !goesOn) return { words, over: null }
  // A job that begins again says more before its first step than one that lives on below what is said of another process.
  const isFatal = isDeadly(crash.kind) && crash.severity === 'critical' && words.lines.length > MOST_LINES_BESIDE
  return { words: next, over: goesOn && !isFatal ? 'caught' : 'restarted' }
}

/** What a job has caught: an exception below which it said something. */
function caughtBy({ crash, below, caught }: LastWords): Caught | undefined {
  if (crash === null || crash.from === undefined || below === undefined || below.isBegin) return caught
  return { line: crash.line, place: crash.place, said: below.first }
}

/** Whether a line below an exception is what the job said when it caught the same one before. */
export function isCaughtAgain({ crash, caught, below }: LastWords, line: string): boolean {
  if (crash === null || caught === undefined || below !== undefined) return false
  return crash.line === caught.line && crash.place === caught.place && line.slice(0, MAX_CHARS) === caught.said
}

function isOfNextPass({ crash, passes, below }: LastWords, lastStep: number, at: PassPoint): boolean {
  return crash !== null && passes !== undefined && isNextPass(passes, lastStep, at, below)
}

/** What a record shows a job to have outlived, if a process ended of it: another one may go on. */
function outlivedBy({ crash, lastStep, outlived }: LastWords): LastWords['outlived'] {
  const isOfProcess = crash?.from === 'uncaught' || (crash?.from === undefined && crash?.severity === 'critical')
  if (crash !== null && isOfProcess && crash.survivedBy !== 'words')
    return outlived?.crash.offset === crash.offset ? outlived : { crash, step: lastStep }
  return outlived
}

/** Whether a job has said nothing since its last record, and was never said to have died or finished. */
export function isCalm(words: LastWords): boolean {
  return isSilent(words) && words.crash === null && words.outlived === undefined && words.isOfOther !== true
}

function isSilent({ before, lines, open, suspect, isFinished }: LastWords): boolean {
  return suspect == null && before === '' && lines.length === 0 && open === null && !isFinished
}
