import type { JsonValue } from '../../protocol/value.ts'
import { type Format, type LogRecord, SKIP } from '../records/format.ts'

interface Tagged {
  readonly rank: number
  readonly text: string
}

/** How launchers mark whose line it is: `[rank3]:`, `[default3]:`, `rank 3:`, `[1,3]<stdout>:`. */
const TAG = /^(?:\[(?:rank|default) ?(\d{1,5})\]:? ?|rank ?(\d{1,5}) ?[:|] ?|\[\d{1,3},(\d{1,5})\]<std(?:out|err)>: ?)/i
const MAX_TAG_CHARS = 32
/** A line of a traceback behind the number of a rank, `[2] ` or `[2/4] `, which is no step of it. */
const OF_ERROR =
  /^\[\d{1,4}(?:\/\d{1,4})?\] (?:Traceback \(most|\s{2}File "|(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt)(?::|$))/

/**
 * The same dialect for a file into which several processes write, each line with its rank before it.
 *
 * Each rank has series of its own, `rank3/loss`, and rank 0 keeps the names as
 * they are. So lines of ranks that overtake each other are no resumed job, and
 * a NaN on one rank alone is seen.
 */
export function perRank<State extends JsonValue>(format: Format<State>): Format<State> {
  return {
    ...format,
    claim(line, previous, path) {
      const above = previous === null ? null : untagged(previous)
      return format.claim(untagged(line), above, path)
    },
    parse(line, state) {
      const found = tagged(line.text)
      if (found === null && OF_ERROR.test(line.text.slice(0, MAX_TAG_CHARS * 4))) return { result: SKIP, state }
      if (found === null) return format.parse(line, state)
      const parsed = format.parse({ ...line, text: found.text }, state)
      if (found.rank === 0 || parsed.result.kind !== 'records') return parsed
      const records = parsed.result.records.map((record) => ofRank(record, found.rank))
      return { result: { ...parsed.result, records }, state: parsed.state }
    },
  }
}

function tagged(text: string): Tagged | null {
  const first = text.charAt(0)
  if (first !== '[' && first !== 'r' && first !== 'R') return null
  const tag = TAG.exec(text.slice(0, MAX_TAG_CHARS))
  return tag === null ? null : { rank: Number(tag[1] ?? tag[2] ?? tag[3]), text: text.slice(tag[0].length) }
}

/** The rank whose mark stands before a line; null for a line without one. */
export function rankTagged(text: string): number | null {
  return tagged(text)?.rank ?? null
}

/** The line without the mark of the rank that wrote it. */
export function untagged(text: string): string {
  return tagged(text)?.text ?? text
}

function ofRank(record: LogRecord, rank: number): LogRecord {
  if (record.kind !== 'scalars') return record
  return { ...record, scalars: record.scalars.map((scalar) => ({ ...scalar, metric: `rank${rank}/${scalar.metric}` })) }
}
