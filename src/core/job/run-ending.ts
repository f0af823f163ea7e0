import type { Ending } from './ending.ts'
import type { Origin } from './traceback.ts'

/** How a run ended by the words of one of its files, and what shows whether that still holds; plain JSON. */
export type RunEnding = {
  readonly kind: Ending
  readonly file: string
  /** Whether an error may have been caught: the words of another file may still say so. */
  readonly isCaughtByWords?: true
  /** Who wrote it, where it is a traceback: a job prints those that it catches as well. */
  readonly traceback?: Origin
  /** Whose end it is, where its words say so. */
  readonly rank?: number
  /** When it was written: by the clock of its line, and by the file system where the file was being watched. */
  readonly clockMs?: number
  readonly writtenMs?: number
  /** When its file was last written before it: a process that was at work by then, and still is, has outlived it. */
  readonly beforeMs?: number
  /** Whether it is followed by words that a job resumes. */
  readonly isResumed?: true
  /** What other files have shown since they began again, or while they only go on: how many later steps, and the newest. */
  readonly since?: { readonly count: number; readonly step: number | null; readonly isOnward?: true }
  /** How many later steps the process that wrote it has shown in other files, and when it wrote the newest. */
  readonly own?: { readonly count: number; readonly atMs: number }
}

/** What else is known where words tell of an end: of the other files of the run. */
export interface ToldElsewhere {
  /** Words of another file show that an error of this one was caught, or the other way round. */
  readonly isCaught: boolean
  readonly isFinished: boolean
}

/** The ending after words that tell `told`. Where those before it say more, or it was caught, they stay. */
export function afterWords(before: RunEnding | null, told: RunEnding, elsewhere: ToldElsewhere): RunEnding | null {
  const isCaughtByWords = told.isCaughtByWords === true
  if (before?.kind === 'crashed') {
    const isGraver = told.kind === 'crashed' && before.isCaughtByWords === true && !isCaughtByWords
    // The file was begun anew, and tells of the end of another process.
    const isAgain = before.file === told.file && before.isCaughtByWords === (isCaughtByWords || undefined)
    if (!isGraver && (told.kind === 'crashed' ? !isAgain : !elsewhere.isCaught)) return before
  }
  return isCaughtByWords && elsewhere.isFinished ? before : told
}

/** The ending where its file tells of another one now: what was written between is no later than that. */
export function afterAnotherDeath(
  { since: _, isResumed: __, own: ___, beforeMs: ____, ...ending }: RunEnding,
  { writtenMs, beforeMs }: { readonly writtenMs?: number; readonly beforeMs?: number },
  clockMs: number | null,
): RunEnding {
  return {
    ...ending,
    ...(beforeMs !== undefined && { beforeMs }),
    ...(writtenMs !== undefined && { writtenMs }),
    ...(clockMs !== null && { clockMs }),
  }
}

/** A record of another file of the run than the one that tells of the end. */
export interface LaterRecord {
  readonly file: string
  readonly step: number | null
  /** The newest step of its file, or of its rank, before it. */
  readonly stepBefore: number | null
  readonly rank: number | null
  readonly clockMs: number | null
  readonly writtenMs: number | null
  /** When the youngest program began that is seen to hold a log of the run open. */
  readonly writerBeganMs?: number | null
  /** Whether those that held its logs are all gone. */
  readonly isLeft?: boolean
  /** Whether the one program that holds the file of the end, and this one, lives; `unseen` where nobody holds either. */
  readonly isOfHolder?: boolean | 'unseen'
}

/** What a job had written before its end may reach another file so much later, and the clocks of two nodes differ by so much. */
const MOMENT_MS = 5000
/** What a process had kept back of its output it writes so soon after its last words. */
const LAST_WRITE_MS = 1000
/** So many steps may still come of what a job had begun. */
const MOST_STEPS_LEFT = 2
const ENOUGH_STEPS = MOST_STEPS_LEFT + 1
/** Before any other file has shown anything. */
const ONWARD: NonNullable<RunEnding['since']> = { count: 0, step: null, isOnward: true }

/**
 * The ending after a record of another file: null once such records show that the run goes on, as a job does that was
 * started again and writes to a new file, or writes its errors to a file of their own.
 */
export function afterLaterRecord(ending: RunEnding, record: LaterRecord): RunEnding | null {
  // Other ranks write on for a while without the one that died.
  if (record.rank !== null && record.rank !== ending.rank) return ending
  const isLaterStep = isLater(ending, record)
  const isOfOther = beginsAgain(ending, record) || (isLaterStep && isOfAnotherProcess(ending, record))
  const known = ending.since ?? ONWARD
  const since = known.isOnward === true && isOfOther ? { count: 0, step: null } : known
  // A bar that is drawn again shows its step again.
  const isNext = isLaterStep && since.count < ENOUGH_STEPS && (record.step === null || record.step !== since.step)
  if (!isNext) return since === known ? ending : { ...ending, since }
  const count = since.count + 1
  if (count === ENOUGH_STEPS && since.isOnward !== true) return null
  return { ...ending, since: { ...since, count, step: record.step } }
}

/**
 * Whether a record of another file is of the process that printed the traceback: it holds both; or was at work before it,
 * and goes on, be it that both files are opened for each line, or by the clocks of both.
 */
export function isOfSameProcess(ending: RunEnding, record: LaterRecord): boolean {
  const { traceback, rank = null, since = ONWARD } = ending
  if (traceback === undefined || rank !== record.rank || isOfAnotherProcess(ending, record)) return false
  if (record.isOfHolder === true) return true
  const isKnown = record.isOfHolder === 'unseen' || hasClocks(ending, record)
  return isKnown && since.isOnward === true && !beginsAgain(ending, record)
}

/**
 * The ending after a record of the process that printed a traceback: null once its steps show that it caught that.
 *
 * What it had kept back it writes as it dies, at once. So where no clock tells, all steps of one write count as one.
 */
export function afterOwnRecord(ending: RunEnding, record: LaterRecord): RunEnding | null {
  const { own = { count: 0, atMs: Number.NEGATIVE_INFINITY }, writtenMs = Number.POSITIVE_INFINITY } = ending
  const isDated = hasClocks(ending, record)
  const atMs = (isDated ? record.clockMs : record.writtenMs) ?? Number.NEGATIVE_INFINITY
  const isLaterStep = isDated ? isLater(ending, record) : atMs - writtenMs >= LAST_WRITE_MS && atMs > own.atMs
  if (!isLaterStep) return ending
  const count = own.count + 1
  return count === ENOUGH_STEPS ? null : { ...ending, own: { count, atMs } }
}

/** Whether the clocks of both tell when they were written. Above what no logger wrote stands the time of something else. */
function hasClocks({ traceback, clockMs }: RunEnding, record: LaterRecord): boolean {
  return traceback === 'logged' && clockMs !== undefined && record.clockMs !== null
}

/** The ending after a line that says that a job resumes: null where later steps of the run were read before it. */
export function afterResumed(ending: RunEnding): RunEnding | null {
  return ending.since?.count === ENOUGH_STEPS ? null : { ...ending, isResumed: true }
}

/** Whether a record is of a job that was started again: it begins at an earlier step, or in a file of its own. */
function beginsAgain({ clockMs: endedMs }: RunEnding, { step, stepBefore, clockMs }: LaterRecord): boolean {
  if (endedMs !== undefined && clockMs !== null && clockMs < endedMs) return false
  return stepBefore === null || (step !== null && step <= stepBefore)
}

/** Whether a later record is of none of the processes that were there at the end. Where that is not known, one may live on. */
function isOfAnotherProcess({ writtenMs, isResumed }: RunEnding, record: LaterRecord): boolean {
  const { writerBeganMs = null, isLeft = false } = record
  const isYounger = writerBeganMs !== null && writtenMs !== undefined && writerBeganMs > writtenMs
  return isYounger || isLeft || isResumed === true
}

/** Whether what another file shows was written after the end, as far as that can be known. */
export function isLater(
  ending: RunEnding,
  { file, clockMs, writtenMs }: Pick<LaterRecord, 'file' | 'clockMs' | 'writtenMs'>,
): boolean {
  if (clockMs !== null && ending.clockMs !== undefined) return clockMs - ending.clockMs >= MOMENT_MS
  if (writtenMs !== null && ending.writtenMs !== undefined) return writtenMs - ending.writtenMs >= MOMENT_MS
  return isNextInName(ending.file, file)
}

/** A date, with a time or without, or the seconds since 1970. Other numbers may be those of seeds and of jobs that run side by side. */
const DATE = /20\d\d[-_.]?\d\d[-_.]?\d\d(?:[-_.T]?\d\d(?:[-_.:]?\d\d){1,2})?|(?<!\d)1[5-9]\d{8}(?!\d)/

/** Whether two files are called alike but for a date which is later in the second: `train_20260902.log`. */
function isNextInName(one: string, other: string): boolean {
  const numbers = [one, other].map((path) => DATE.exec(path.slice(path.lastIndexOf('/') + 1))?.[0] ?? '')
  const [before = '', after = ''] = numbers
  return before !== '' && before.length === after.length && before < after && one.replace(before, after) === other
}
