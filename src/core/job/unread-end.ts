import { areDone } from './end-counts.ts'
import { type EndSigns, keptOf, type NewEnd, withEnd } from './end-sign.ts'
import { countsIn } from './fractions.ts'
import { hasShape, isRepeated, repeatedSteps, withShape } from './repeats.ts'

/** The signs in a run of which no value was read. Lines that repeat, and count, stand for its records. */
export function withUnreadEnd(before: EndSigns, end: NewEnd): EndSigns {
  let repeats = before.repeats ?? []
  const shown = end.heeded.map(({ text }) => {
    const after = withShape(repeats, text)
    const isRecord = after !== repeats && isRepeated(after)
    const isNew = !hasShape(repeats, text)
    repeats = after
    return { text, isRecord, isNew }
  })
  const steps = repeatedSteps(repeats)
  if (steps === null) return { ...withEnd(before, end), repeats }
  const newest = shown.findLast(({ isRecord }) => isRecord)?.text
  const isOpen = newest === undefined ? before.isOpen === true : !areDone(countsIn(newest), newest, steps)
  const hasRecords = newest !== undefined
  const lines = shown.slice(-end.lines.length)
  const after = withEnd(before, { ...end, lines, hasRecords, hasTrained: true, steps })
  // Below a bar of something else, a job says what it does next.
  const last = lines.findLast(({ text }) => text.trim() !== '')
  const isFollowed = after.sign?.kind === 'count' && last?.isNew === true && keptOf(last.text) !== after.sign.line
  const isCut = isOpen && after.epochs === null
  return { ...after, repeats, isOpen, sign: isFollowed || isCut ? null : after.sign }
}
