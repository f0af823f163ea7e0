import { LAST_LINES, NO_END_SIGNS, withEnd } from '../job/end-sign.ts'
import { isLossRole } from '../records/fields.ts'
import { hasAnyRecord, type RunMemory, stepsOf } from '../state/run-memory.ts'
import type { Advance } from './advance.ts'
import { type Content, linesIn } from './content.ts'

/** So many values stand in the last lines at most, but for those of a log with more than a hundred metrics. */
const MOST_VALUES = 1024

/** What is remembered of a run after a read, with what the last lines of the read show about its end. */
export function withEndSigns(
  file: string,
  content: Content,
  { memory, samples, batches, file: { counts } }: Advance,
  nowMs: number,
): RunMemory {
  const hasRecords = samples.length + batches.length > 0
  const newest = [...samples.slice(-MOST_VALUES), ...batches.slice(-LAST_LINES)]
  const records = new Set(newest.map(({ offset }) => offset))
  const all = linesIn(content)
  const lines = all.slice(-LAST_LINES).map(({ text, offset }) => ({ text, isRecord: records.has(offset) }))
  if (lines.length === 0 && !hasRecords) return memory
  const before = memory.endSigns ?? NO_END_SIGNS
  const firstLoss = counts.samples > samples.length ? -1 : samples.find(({ role }) => isLossRole(role))?.offset
  const headingLines =
    firstLoss === undefined ? all.length : all.filter(({ offset }) => offset < (firstLoss ?? 0)).length
  const endSigns = withEnd(before, {
    file,
    all,
    headingLines,
    lines,
    hasRecords,
    hasTrained: hasAnyRecord(memory),
    steps: stepsOf(memory),
    nowMs,
  })
  return endSigns === before ? memory : { ...memory, endSigns }
}
