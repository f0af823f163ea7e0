import { parseNumber } from '../../literals/number.ts'
import { TEXT_LINE_BYTES } from '../../reading/lines.ts'
import { fieldOf } from '../../records/fields.ts'
import { type Format, type ParseResult, SKIP } from '../../records/format.ts'
import { RecordBuilder } from '../../records/record-builder.ts'
import { type Built, type CustomLines, withRoles } from './custom-format.ts'
import { Pattern } from './pattern.ts'
import { PatternError } from './pattern-spelling.ts'

/** So much of a line is matched; what a log prints of a step stands at its start. */
const MAX_MATCHED_CHARS = 16 * 1024

/**
 * A line format from a regular expression: each named group is a value.
 *
 * `step`, `epoch` and `time`, and the other names that logs have for them, are
 * what they say; every other group is a metric. A line that does not match is
 * skipped, and one with a group that is no number is rejected.
 */
export function customLines({ name, regex, roles }: CustomLines): Built<Format<null>> {
  let pattern: Pattern
  try {
    pattern = new Pattern(regex)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return { ok: false, problem: error.message }
  }
  if (!pattern.names.some((group) => fieldOf(group).kind === 'metric')) {
    return { ok: false, problem: 'no named group for a metric, such as (?<loss>\\S+)' }
  }
  const format: Format<null> = {
    name,
    about: `Lines that match ${regex}`,
    example: regex,
    maxLineBytes: TEXT_LINE_BYTES,
    claim: (line) => (pattern.isIn(line.slice(0, MAX_MATCHED_CHARS)) ? 'sure' : 'no'),
    start: () => null,
    parse({ text, offset }) {
      const groups = pattern.match(text.slice(0, MAX_MATCHED_CHARS))
      return { result: groups === null ? SKIP : withRoles(resultOf(groups, offset), roles), state: null }
    },
  }
  return { ok: true, format }
}

function resultOf(groups: ReadonlyMap<string, string>, offset: number): ParseResult {
  const builder = new RecordBuilder()
  for (const [name, text] of groups) {
    if (fieldOf(name).kind === 'metric' && parseNumber(text) === null) {
      return { kind: 'reject', reason: 'bad-number', detail: `${name}: "${text.slice(0, 64)}" is no number` }
    }
    builder.addText(name, text)
  }
  if (builder.step === null && Number.isSafeInteger(builder.epoch)) builder.step = builder.epoch
  const record = builder.record(offset)
  return record === null ? SKIP : { kind: 'records', records: [record] }
}
