import type { Line } from '../reading/lines.ts'
import { type Claim, type Format, type ParseResult, SKIP } from '../records/format.ts'
import type { FormatSet } from './format-set.ts'
import { tellsOfBelow } from './key-value.ts'
import {
  formatOf,
  type LineResult,
  type ReaderState,
  type ReaderStep,
  type Scores,
  startReader,
} from './reader-state.ts'

const WEIGHTS: Readonly<Record<Claim, number>> = { sure: 3, hint: 1, no: 0 }
const DECISIVE_SCORE = 3
/** Three sure lines, to take a file from a dialect that has found records in it. */
const TAKEOVER_SCORE = 9
const MAX_PENDING_LINES = 16
const MAX_PENDING_CHARS = 64 * 1024

/** Asks every dialect about a line that gave no record, and goes over to the one that has won. */
export function weigh(
  state: ReaderState,
  line: Line,
  result: ParseResult,
  path: string,
  formats: FormatSet,
): ReaderStep {
  const scores = { ...state.scores }
  let isClaimed = false
  for (const { name, claim } of rivals(state, line, path, formats)) {
    scores[name] = (scores[name] ?? 0) + WEIGHTS[claim]
    isClaimed = true
  }
  // A launcher marks blank lines, too: they part nothing, as those without a mark do.
  const newest = line.text.trim() === '' ? state.previous : line
  const previous = line.text.length > MAX_PENDING_CHARS ? null : newest
  // Nobody knows yet who will read the file: a heading says something of all lines below, and a broken line may be one of its.
  const mayMatter = () => tellsOfBelow(line.text) || brokenIn(line, formats) !== null
  const isKept = isClaimed || (state.format === null && mayMatter())
  if (!isKept) return { state: { ...state, previous }, results: [{ line, result }] }

  const isNextToLast = state.pending.at(-1)?.offset === state.previous?.offset
  const before = !isClaimed || state.previous === null || isNextToLast ? [] : [state.previous]
  const pending = [...state.pending, ...before, line]
  const best = bestOf(scores, state.hasRecords ? TAKEOVER_SCORE : DECISIVE_SCORE, formats)
  if (best !== null) return adopt(best, pending.slice(0, -1), line, path)

  const kept = newestOf(pending)
  const dropped = pending.slice(0, pending.length - kept.length)
  const isReported = formatOf(state, formats) !== null
  const waits: LineResult = { line, result: SKIP, hearing: 'only' }
  const results = isReported ? [{ line, result }] : [...dropped.map((line) => unclaimed(line, formats)), waits]
  return { state: { ...state, scores, pending: kept, previous }, results }
}

/** What is told of a line that has waited and that no dialect could be found for: that it is broken, where it can be a line of one only. */
export function unclaimed(line: Line, formats: FormatSet): LineResult {
  return { line, result: brokenIn(line, formats) ?? SKIP, hearing: 'done' }
}

function brokenIn(line: Line, { all }: FormatSet): ParseResult | null {
  for (const { broken } of all) {
    const result = broken?.(line) ?? null
    if (result !== null) return result
  }
  return null
}

/** The dialects that claim a line; where one already reads the file, those that take the line from it. */
function rivals(
  state: ReaderState,
  line: Line,
  path: string,
  formats: FormatSet,
): readonly { readonly name: string; readonly claim: Claim }[] {
  const own = formatOf(state, formats)
  const previous = state.previous?.text ?? null
  const claims: { name: string; claim: Claim }[] = []
  for (const format of formats.all) {
    if (format === own) continue
    const claim = format.claim(line.text, previous, path)
    if (claim !== 'no') claims.push({ name: format.name, claim })
    // At the top of a file the first that is sure has won: the others need not be asked.
    if (claim === 'sure' && own === null && claims.length === 1 && state.pending.length === 0) break
  }
  if (own === null) return claims
  const sure = claims.filter(({ claim }) => claim === 'sure')
  if (sure.length === 0) return []
  const ownClaim = own.claim(line.text, previous, path)
  return ownClaim === 'no' || (ownClaim === 'hint' && !state.hasRecords) ? sure : []
}

/** The dialect of the highest score, of equal ones the first in the list; null below `least`. */
export function bestOf(scores: Scores, least: number, formats: FormatSet): Format | null {
  let best: Format | null = null
  for (const format of formats.all) {
    const score = scores[format.name] ?? 0
    if (score >= least && score > (best === null ? 0 : (scores[best.name] ?? 0))) best = format
  }
  return best
}

/** Gives a file to a dialect, which reads the lines that waited for it, and the one that decided if there is one. */
export function adopt(format: Format, pending: readonly Line[], last: Line | null, path: string): ReaderStep {
  let inner = format.start(path)
  const read = (line: Line): ParseResult => {
    const parsed = format.parse(line, inner)
    inner = parsed.state
    return parsed.result
  }
  const results = pending.map((line): LineResult => ({ line, result: read(line), hearing: 'done' }))
  if (last !== null) results.push({ line: last, result: read(last) })
  const hasRecords = results.some(({ result }) => result.kind === 'records')
  // The line that decided may be the header of another dialect, which the next line shows.
  const previous = hasRecords ? null : (results.at(-1)?.line ?? null)
  return { state: { ...startReader(), format: format.name, inner, hasRecords, previous }, results }
}

function newestOf(lines: readonly Line[]): readonly Line[] {
  let chars = 0
  let from = lines.length
  while (from > 0 && lines.length - from < MAX_PENDING_LINES) {
    chars += lines[from - 1]!.text.length
    if (chars > MAX_PENDING_CHARS) break
    from--
  }
  return lines.slice(from)
}
