import { areDone } from './end-counts.ts'
import { type EndSigns, keptOf, type NewEnd, withEnd } from './end-sign.ts'
import { countsIn } from './fractions.ts'
import type { RepeatedLines } from './lines-of-read.ts'
import { repeatedSteps } from './repeats.ts'

/** The signs in a run of which no value was read. Lines that repeat, and count, stand for its records. */
export function withUnreadEnd(
  before: EndSigns,
  end: NewEnd,
  { repeats, last, newestRecord: newest }: RepeatedLines,
): EndSigns {
  const steps = repeatedSteps(repeats)
  if (steps === null) return { ...withEnd(before, end), repeats }
  const isOpen = newest === undefined ? before.isOpen === true : !areDone(countsIn(newest), newest, steps)
  const hasRecords = newest !== undefined
  const lines = last.slice(-end.lines.length)
  const after = withEnd(before, { ...end, lines, hasRecords, hasTrained: true, steps })
  // Below a bar of something else, a job says what it does next.
  const below = lines.findLast(({ text }) => text.trim() !== '')
  const isFollowed = after.sign?.kind === 'count' && below?.isNew === true && keptOf(below.text) !== after.sign.line
  const isCut = isOpen && after.epochs === null
  return { ...after, repeats, isOpen, sign: isFollowed || isCut ? null : after.sign }
}
