import { splitTime } from '../literals/timestamp.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { type Claim, type Format, type ParseResult, recordsOf } from '../records/format.ts'
import { type Below, headingOf, NO_HEADING } from '../records/headings.ts'
import { pairsOf } from '../records/name-value-pairs.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** Lines for people to read, with names and numbers: `step 12 | loss 0.5`, `step=12, loss=0.5`. */
export const keyValue: Format<Below> = {
  name: 'key-value',
  about:
    'Lines of text with names and numbers, joined by "=", ":" or a space: the print and logging calls of most loops.',
  example: '2026-01-01 10:00:00 INFO step 12 | loss: 0.5 | grad norm: 0.75',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (line.length > TEXT_LINE_BYTES) return 'no'
    const builder = readPairs(line)
    if (!builder.hasLoss) {
      if (ROUND.test(line) && builder.scalars.length > 0) return 'hint'
      return builder.scalars.length > 1 && previous !== null && builder.isLike(readPairs(previous)) ? 'hint' : 'no'
    }
    return builder.step !== null || builder.epoch !== null ? 'sure' : 'hint'
  },

  start: () => NO_HEADING,

  parse(line, state) {
    const builder = readPairs(line.text, state.phase)
    if (builder.isAboutTraining) builder.epoch ??= state.epoch
    const result = resultOf(builder, line.offset)
    const heading = builder.scalars.length === 0 ? headingOf(line.text, state) : null
    return { result, state: heading ?? (state.phase === '' ? state : { ...state, phase: '' }) }
  },
}

/** `[10]` of a boosting round, `[1,  2000]` of an epoch and a batch, at the head of a line. */
const HEAD_COUNTERS = /^[\s|]*\[ {0,12}(\d{1,9})(?:, {0,12}(\d{1,9}))?\]/
/** How LightGBM and XGBoost begin the line of a round of boosting. */
const ROUND = /^\[\d{1,9}\]\t/
/** `12 loss=0.5`. */
const COUNTED = /^ {0,12}(\d{1,9})[:,|]? {1,12}(?=train|val|test|loss|avg|mean|cost)/i
/** `12) ` at the head of a message, or behind the `file.py:265] ` of absl, where it may also be `[12] `. */
const NUMBERED = /(?:^|\] )(\d{1,9})\) |\] \[(\d{1,9})\] /
/** What an error says of itself. As a metric it would make a record of the last words of a job. */
const OF_FAILURE = /\b(?:errno|(?:exit|error)[ _]?code|exit status|pid)$/i
const MAX_HEAD_CHARS = 160

/** What a line of names and numbers comes to, where it is about training at all. */
export function resultOf(builder: RecordBuilder, offset: number): ParseResult {
  const record = builder.isAboutTraining ? builder.record(offset) : null
  return recordsOf(record === null ? [] : [record], builder.unread)
}

/** All that a line of names and numbers says, under a heading of this phase. */
export function readPairs(line: string, phase = ''): RecordBuilder {
  const builder = new RecordBuilder()
  const { time, rest } = splitTime(line)
  builder.time = time
  const names = new Set<string>()
  let position: number | null = null
  const { pairs, unread } = pairsOf(rest, phase)
  builder.unread = unread
  for (const { name, value, raw, zeroDecimals } of pairs) {
    if (name === '') position ??= Number(value)
    else if (!names.has(name) && !OF_FAILURE.test(name)) builder.add(name, value, raw, zeroDecimals)
    names.add(name)
  }
  if (ROUND.test(line)) builder.takeError()
  const head = HEAD_COUNTERS.exec(rest) ?? COUNTED.exec(rest)
  if (head?.[2] !== undefined) builder.epoch ??= Number(head[1])
  if (head !== null) position = Number(head[2] ?? head[1])
  position ??= rest.includes(') ') || rest.includes('] [') ? numberOf(rest) : null
  if (position !== null) builder.addPosition(position)
  return builder
}

function numberOf(text: string): number | null {
  const numbered = NUMBERED.exec(text.slice(0, MAX_HEAD_CHARS))
  return numbered === null ? null : Number(numbered[1] ?? numbered[2])
}
