import { type Line, wholeText } from '../reading/lines.ts'
import type { Format } from '../records/format.ts'
import type { FormatSet } from './format-set.ts'
import { formatOf, type ReaderState } from './reader-state.ts'

/** The format that a user has described for such a line, unless the file is read in one of those already. */
export function describedOf(
  format: Format | null,
  line: Line,
  { previous }: ReaderState,
  path: string,
  { described }: FormatSet,
): Format | null {
  if (described.length === 0 || (format !== null && described.includes(format))) return null
  const claims = ({ maxLineBytes, claim }: Format) =>
    line.bytes <= maxLineBytes && claim(line.text, previous?.text ?? null, path) === 'sure'
  return described.find(claims) ?? null
}

/** The line as it stands in the file, where a user has described it so; else without what others have put before it. */
export function asDescribed(line: Line, { previous }: ReaderState, path: string, { described }: FormatSet): Line {
  if (described.length === 0 || line.head === undefined) return line
  const text = wholeText(line)
  const isMeant = described.some((format) => format.claim(text, previous?.text ?? null, path) === 'sure')
  return isMeant ? { offset: line.offset, bytes: line.bytes, text } : line
}

/** Whether a user has described the line, or the whole file: then it is read as it stands. */
export function isMeantAlone(line: Line, state: ReaderState, path: string, formats: FormatSet): boolean {
  const own = formatOf(state, formats)
  if (formats.described.length === 0) return false
  return (own !== null && formats.described.includes(own)) || describedOf(own, line, state, path, formats) !== null
}
