import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { isLossLike, isPlainRole } from '../records/fields.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import type { RecordBuilder } from '../records/record-builder.ts'
import { readPairs, resultOf } from './key-value.ts'

/** The counters of the heading above, or null outside a block. */
export type BlockState = {
  readonly step: number
  readonly epoch: number | null
  /** Whether the step is one of episodes; not there otherwise. */
  readonly isOfEpisodes?: boolean
  /** How far in its last metric stands. */
  readonly indent?: number
  /** Where the colon of its last metric stands, and whether the names end there rather than begin at one place. */
  readonly colon?: number
  readonly isAligned?: boolean
} | null

/** Records of many lines: a heading that counts, and indented lines below it with a metric each. */
export const blocks: Format<BlockState> = {
  name: 'blocks',
  about: 'A line with the step, and below it indented lines with the metrics, as OLMo-core and Coqui TTS print them.',
  example: '[step=10/1000,epoch=1]\n    train/CE loss=11.03',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (previous === null || !INDENT.test(line) || line.length > TEXT_LINE_BYTES) return 'no'
    return headingOf(readPairs(previous), previous) !== null && isBelow(readPairs(line)) ? 'sure' : 'no'
  },

  start: () => null,

  parse(line, state) {
    const builder = readPairs(line.text)
    const heading = headingOf(builder, line.text)
    if (heading !== null) return { result: SKIP, state: heading }
    if (!INDENT.test(line.text) && !isLongName(builder, line.text, state)) {
      // What a narrow terminal has wrapped, say. A rule of dashes ends the block.
      const isPart = builder.step === null && builder.epoch === null && builder.scalars.length === 0
      const isOver = !(isPart || ENDS_BRACKET.test(line.text)) || RULE.test(line.text) || isHeading(line.text, state)
      return { result: resultOf(builder, line.offset), state: isOver ? null : state }
    }
    if (state === null || builder.step !== null) return { result: resultOf(builder, line.offset), state }
    builder.step = state.step
    builder.epoch ??= state.epoch
    builder.isOfEpisodes ||= state.isOfEpisodes === true
    const record = builder.record(line.offset)
    // A line whose number cannot be read is one of the block as well.
    if (record === null) return { result: SKIP, state: isHeading(line.text, state) ? null : state }
    return { result: { kind: 'records', records: [record] }, state: { ...state, ...placesIn(line.text, state) } }
  },
}

/** Whether the name of a metric is so long that it begins at the margin, where names end at one place. */
function isLongName({ step, epoch, scalars }: RecordBuilder, text: string, state: BlockState): boolean {
  if (state?.isAligned !== true || step !== null || epoch !== null || scalars.length !== 1) return false
  return text.indexOf(':') >= (state.colon ?? Infinity)
}

function placesIn(text: string, { indent, colon, isAligned }: NonNullable<BlockState>) {
  const own = indentOf(text)
  if (isAligned === true) return { indent: own }
  const at = text.indexOf(':')
  return { indent: own, colon: at, isAligned: at >= 0 && at === colon && own !== indent }
}

/** Whether words without a number stand less far in than the metrics of the block. */
function isHeading(text: string, state: BlockState): boolean {
  return /^\W*[A-Za-z]\D*$/.test(text) && indentOf(text) < (state?.indent ?? 0)
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length
}

const INDENT = /^(?: {2}|\t)/
/** What was opened in the line above, which was broken in two. */
const ENDS_BRACKET = /^[^()]*\)/
/** Nothing but counters in brackets: `[batch=8/30]:`. */
const OF_COUNTERS = /^(?:\[[\w ]{1,24}[=: ]{1,2}\d{1,9}(?:\/\d{1,9})?\]){1,4}:?$/
const RULE = /^[-=#*_~+ ]{3,}$/

/** The counters of a line that has no metric of its own, only numbers of no known meaning at most. */
function headingOf({ step, epoch, isStepCertain, isOfEpisodes, scalars }: RecordBuilder, text: string): BlockState {
  return step !== null &&
    (isStepCertain || epoch !== null || OF_COUNTERS.test(text)) &&
    scalars.every(({ metric, role }) => isPlainRole(role) && !isLossLike(metric))
    ? { step, epoch, ...(isOfEpisodes && { isOfEpisodes }) }
    : null
}

function isBelow({ step, epoch, scalars }: RecordBuilder): boolean {
  return step === null && epoch === null && scalars.length > 0
}
