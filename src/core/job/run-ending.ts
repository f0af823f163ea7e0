import type { Ending } from './ending.ts'

/** How a run ended by the words of one of its files, and what shows whether that still holds; plain JSON. */
export type RunEnding = {
  readonly kind: Ending
  readonly file: string
  /** Whether an error may have been caught: the words of another file may still say so. */
  readonly isCaughtByWords?: true
  /** Whose end it is, where its words say so. */
  readonly rank?: number
  /** When it was written: by the clock of its line, and by the file system where the file was being watched. */
  readonly clockMs?: number
  readonly writtenMs?: number
  /** What other files have shown since: how many steps, and the newest. */
  readonly since?: { readonly count: number; readonly step: number | null }
}

/** A record of another file of the run than the one that tells of the end. */
interface LaterRecord {
  readonly file: string
  readonly step: number | null
  readonly rank: number | null
  readonly clockMs: number | null
  readonly writtenMs: number | null
}

/** What a job had written before its end may reach another file so much later, and the clocks of two nodes differ by so much. */
const MOMENT_MS = 5000
/** So many steps may still come of what a job had begun. */
const MOST_STEPS_LEFT = 2

/**
 * The ending after a record of another file: null once such records show that the run goes on, as a job does that was
 * started again and writes to a new file, or writes its errors to a file of their own.
 */
export function afterLaterRecord(ending: RunEnding, record: LaterRecord): RunEnding | null {
  // Other ranks write on for a while without the one that died.
  const isOfOther = record.rank !== null && record.rank !== ending.rank
  if (isOfOther || !isLater(ending, record)) return ending
  const { count, step } = ending.since ?? { count: 0, step: null }
  // A bar that is drawn again shows its step again.
  if (record.step !== null && record.step === step) return ending
  return count < MOST_STEPS_LEFT ? { ...ending, since: { count: count + 1, step: record.step } } : null
}

function isLater(ending: RunEnding, { file, clockMs, writtenMs }: LaterRecord): boolean {
  if (clockMs !== null && ending.clockMs !== undefined) return clockMs - ending.clockMs >= MOMENT_MS
  if (writtenMs !== null && ending.writtenMs !== undefined) return writtenMs - ending.writtenMs >= MOMENT_MS
  return isNextInName(ending.file, file)
}

/** The date, the time or the number of a job in a name: six digits at least, which may be parted. */
const NUMBER_OF_JOB = /\d{4}[-_.]?\d\d[-_.]?\d\d(?:[-_.T]?\d\d(?:[-_.:]?\d\d){1,2})?|\d{6,}/

/** Whether two files are called alike but for a date, or the number of a job, which is later in the second: `train_20260902.log`. */
function isNextInName(one: string, other: string): boolean {
  const numbers = [one, other].map((path) => NUMBER_OF_JOB.exec(path.slice(path.lastIndexOf('/') + 1))?.[0] ?? '')
  const [before = '', after = ''] = numbers
  return before !== '' && before.length === after.length && before < after && one.replace(before, after) === other
}
