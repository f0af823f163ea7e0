import { type EndSigns, hasCountedOut, NO_END_SIGNS, withEnd } from '../job/end-sign.ts'
import { LAST_LINES, LinesOfRead } from '../job/lines-of-read.ts'
import { withUnreadEnd } from '../job/unread-end.ts'
import type { Lines } from '../reading/lines.ts'
import { isLossRole } from '../records/fields.ts'
import { hasAnyRecord, type RunMemory, stepsOf } from '../state/run-memory.ts'
import type { PlacedBatch, PlacedSample, PlacedSamples } from './commit.ts'
import { type Content, linesIn } from './content.ts'
import type { SampleList } from './samples.ts'

/** So many values stand in the last lines at most, but for those of a log with more than a hundred metrics. */
const MOST_VALUES = 1024

/** What the records of a read have brought, and what is remembered of their run with them. */
interface Shown {
  readonly memory: RunMemory
  readonly samples: SampleList
  readonly batches: readonly PlacedBatch[]
  /** Those of the lines of the read that may say something; all of them where it is not there. */
  readonly heeded?: Lines
  /** How many samples the reads before have brought. */
  readonly samplesBefore: number
}

/** What is remembered of a run after a read, with what the last lines of the read show about its end. */
export function withEndSigns(file: string, content: Content, shown: Shown, nowMs: number): RunMemory {
  const { memory, samples, batches } = shown
  const lines = linesIn(content)
  if (lines.length === 0 && samples.length + batches.length === 0) return memory
  const { heeded = lines } = shown
  const endSigns = endSignsOf(
    file,
    lines,
    heeded,
    new LinesOfRead(memory.endSigns ?? NO_END_SIGNS, heeded),
    shown,
    nowMs,
  )
  return endSigns === (memory.endSigns ?? NO_END_SIGNS) ? memory : { ...memory, endSigns }
}

/** Whether the run has come to its last step by a line of the read, all of whose lines are given. */
export function hasCountedOutBy(offset: number, file: string, all: Lines, folded: LinesOfRead, shown: Shown): boolean {
  const lines = all.before(offset)
  return hasCountedOut(endSignsOf(file, lines, lines, folded, shown, 0), stepsOf(shown.memory))
}

function endSignsOf(
  file: string,
  all: Lines,
  heeded: Lines,
  folded: LinesOfRead,
  { memory, samples, batches, samplesBefore }: Shown,
  nowMs: number,
): EndSigns {
  const records = new Set([
    ...samples.newestOffsets(MOST_VALUES),
    ...batches.slice(-LAST_LINES).map(({ offset }) => offset),
  ])
  const spoken = heeded === all ? null : new Set(heeded.slice(heeded.length - LAST_LINES).map(({ offset }) => offset))
  const lines = all.slice(all.length - LAST_LINES).map(({ text, offset }) => ({
    text,
    isRecord: records.has(offset),
    isSilent: spoken !== null && !spoken.has(offset),
  }))
  const firstLoss = samplesBefore > 0 ? -1 : firstLossIn(samples)?.offset
  const headingLines = firstLoss === undefined ? heeded.length : heeded.before(firstLoss ?? 0).length
  const before = memory.endSigns ?? NO_END_SIGNS
  const hasTrained = hasAnyRecord(memory)
  const end = {
    file,
    count: all.length,
    counted: folded.counted(heeded.length, headingLines),
    lines,
    hasRecords: samples.length + batches.length > 0,
    hasTrained,
    steps: stepsOf(memory),
    nowMs,
  }
  return hasTrained ? withEnd(before, end) : withUnreadEnd(before, end, folded.repeated(heeded.length))
}

function firstLossIn(samples: PlacedSamples): PlacedSample | undefined {
  for (const sample of samples) if (isLossRole(sample.role)) return sample
  return undefined
}
