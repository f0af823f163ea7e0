import type { JsonValue } from '../../protocol/value.ts'
import { isGarbage } from '../reading/binary.ts'
import { type Line, wholeText } from '../reading/lines.ts'
import {
  type Claim,
  type Format,
  type LogRecord,
  type ParseResult,
  PREDICTION_LINE_BYTES,
  SKIP,
} from '../records/format.ts'
import { headingOf } from '../records/headings.ts'
import type { FormatSet } from './format-set.ts'
import { jsonLines } from './json-lines.ts'
import { nestedRows } from './nested-rows.ts'
import { pythonDict } from './python-dict.ts'
import { type Gathered, gather, mayOpen, released, type Spread, type WholeLine } from './spread-records.ts'

/** Where the reading of one file stands; plain JSON, saved with the cursor. */
export type ReaderState = {
  /** The dialect that reads the file, or null while its lines have not shown it. */
  readonly format: string | null
  /** The dialect's own state. */
  readonly inner: JsonValue
  /** Whether the dialect has found a record. */
  readonly hasRecords: boolean
  /** What has spoken for each dialect that may read on: since the start, or since the last record. */
  readonly scores: Scores
  /** The lines that spoke for one, with the line before each: what that dialect will read first. */
  readonly pending: readonly Line[]
  /** Whether what comes is no text, until a line gives a record again: that is told once. */
  readonly inGarbage: boolean
  /** The last line, unless it gave a record: it may turn out to be a header. */
  readonly previous: Line | null
  /** The lines of a record of several whose end is still to come; not there where none wait. */
  readonly spread?: Spread
}

type Scores = Readonly<Record<string, number>>

export interface LineResult {
  readonly line: Line
  readonly result: ParseResult
}

export interface ReaderStep {
  readonly state: ReaderState
  /** What became of the line, and of those before it that were still pending. */
  readonly results: readonly LineResult[]
}

const WEIGHTS: Readonly<Record<Claim, number>> = { sure: 3, hint: 1, no: 0 }
const DECISIVE_SCORE = 3
/** Three sure lines, to take a file from a dialect that has found records in it. */
const TAKEOVER_SCORE = 9
const MAX_PENDING_LINES = 16
const MAX_PENDING_CHARS = 64 * 1024

export function startReader(): ReaderState {
  return { format: null, inner: null, hasRecords: false, scores: {}, pending: [], inGarbage: false, previous: null }
}

/** The longest line that the file's dialect may have, in bytes. */
export function lineCapBytes(state: ReaderState, formats: FormatSet): number {
  return formatOf(state, formats)?.maxLineBytes ?? PREDICTION_LINE_BYTES
}

/**
 * Reads the next line of a file, in the dialect that its lines have shown.
 *
 * Until one is shown the lines that speak for any dialect wait; the others are
 * skipped. A file may go on in another dialect: a job that prints its settings
 * as JSON before a log of another kind, or a script that was changed. Lines are
 * judged one by one, so how a file was cut into reads changes nothing. `path`
 * is that of the file, for the dialects whose numbers have no name but that.
 */
export function readLine(state: ReaderState, line: Line, path: string, formats: FormatSet): ReaderStep {
  if (state.spread === undefined && !mayOpen(line.text, state.previous !== null))
    return readWhole(state, line, path, formats)
  const { spread = null, ...rest } = state
  const mayNest = !state.hasRecords || state.format === nestedRows.name
  const gathered: Gathered = isMeantAlone(line, state, path, formats)
    ? { state: null, lines: [...(spread === null ? [] : released(spread)), line] }
    : gather(spread, line, state.previous?.text ?? '', mayNest)
  return readAll(rest, gathered.lines, gathered.state, path, formats)
}

/** Reads an object in a file of another dialect, which has no use for it; null where it has. */
function readGuest(state: ReaderState, line: Line, formats: FormatSet): ReaderStep | null {
  if (formatOf(state, formats)?.claim(line.text, state.previous?.text ?? null) !== 'no') return null
  const result = [pythonDict, jsonLines]
    .map(({ parse }) => parse(line, null).result)
    .find(({ kind }) => kind === 'records')
  return result === undefined ? null : { state: { ...state, previous: null }, results: [{ line, result }] }
}

function withSpread(step: ReaderStep, spread: Spread | null): ReaderStep {
  return spread === null ? step : { ...step, state: { ...step.state, spread } }
}

function readAll(
  before: ReaderState,
  lines: readonly WholeLine[],
  spread: Spread | null,
  path: string,
  formats: FormatSet,
): ReaderStep {
  let state = before
  const results: LineResult[] = []
  for (const line of lines) {
    const isGuest = line.isObject === true && state.hasRecords
    const step = (isGuest ? readGuest(state, line, formats) : null) ?? readWhole(state, line, path, formats)
    state = step.state
    results.push(...step.results)
  }
  return withSpread({ state, results }, spread)
}

function readWhole(state: ReaderState, unwrapped: Line, path: string, formats: FormatSet): ReaderStep {
  const format = formatOf(state, formats)
  const line = asDescribed(unwrapped, state, path, formats)
  const described = describedOf(format, line, state, path, formats)
  if (described !== null) return adopt(described, [...(format === null ? state.pending : []), line], path)
  if (format === null) return weigh(state.format === null ? state : startReader(), line, SKIP, path, formats)
  if (line.bytes > format.maxLineBytes) {
    return { state, results: [{ line, result: tooLong(format) }] }
  }

  if (isGarbage(line.text)) return passGarbage(state, line)
  const { result, state: inner } = format.parse(line, state.inner)
  // Of a thousand pieces between two line ends each would be a broken row.
  if (state.inGarbage && result.kind === 'reject') return { state, results: [{ line, result: SKIP }] }
  if (result.kind !== 'records') return weigh({ ...state, inner }, line, result, path, formats)
  const results = [{ line, result }]
  const isUnchanged =
    !state.inGarbage &&
    inner === state.inner &&
    state.hasRecords &&
    state.previous === null &&
    state.pending.length === 0
  if (isUnchanged) return { state, results }
  return { state: { ...startReader(), format: format.name, inner, hasRecords: true }, results }
}

function passGarbage(state: ReaderState, line: Line): ReaderStep {
  if (state.inGarbage) return { state, results: [{ line, result: SKIP }] }
  const detail = 'bytes that are no text: what they bring until the next record is passed over'
  return {
    state: { ...state, inGarbage: true },
    results: [{ line, result: { kind: 'reject', reason: 'binary', detail } }],
  }
}

/** Reads what is still pending once the writer has left: the likeliest dialect will have to do. */
export function finishReader(before: ReaderState, path: string, formats: FormatSet): ReaderStep {
  if (before.spread !== undefined) {
    const { spread, ...rest } = before
    const { state, results } = readAll(rest, released(spread), null, path, formats)
    const last = finishReader(state, path, formats)
    return { ...last, results: [...results, ...last.results] }
  }
  const state = before
  const format = formatOf(state, formats)
  if (format !== null) return finishFormat(format, state, [])
  const best = bestOf(state.scores, 1, formats)
  if (best === null) return { state, results: state.pending.map((line) => unclaimed(line, formats)) }
  const adopted = adopt(best, state.pending, path)
  return finishFormat(best, adopted.state, adopted.results)
}

function finishFormat(format: Format, state: ReaderState, results: readonly LineResult[]): ReaderStep {
  const last = format.finish?.(state.inner)
  if (last?.result.kind !== 'records' || last.result.records.length === 0) return { state, results }
  const [{ offset }] = last.result.records as [LogRecord]
  const line = { offset, text: '', bytes: 0 }
  return { state: { ...state, inner: last.state }, results: [...results, { line, result: last.result }] }
}

function formatOf(state: ReaderState, { byName }: FormatSet): Format | null {
  return state.format === null ? null : (byName.get(state.format) ?? null)
}

/** The format that a user has described for such a line, unless the file is read in one of those already. */
function describedOf(
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
function asDescribed(line: Line, { previous }: ReaderState, path: string, { described }: FormatSet): Line {
  if (described.length === 0 || line.head === undefined) return line
  const text = wholeText(line)
  const isMeant = described.some((format) => format.claim(text, previous?.text ?? null, path) === 'sure')
  return isMeant ? { offset: line.offset, bytes: line.bytes, text } : line
}

/** Whether a user has described the line, or the whole file: then it is read as it stands. */
function isMeantAlone(line: Line, state: ReaderState, path: string, formats: FormatSet): boolean {
  const own = formatOf(state, formats)
  if (formats.described.length === 0) return false
  return (own !== null && formats.described.includes(own)) || describedOf(own, line, state, path, formats) !== null
}

/** Asks every dialect about a line that gave no record, and goes over to the one that has won. */
function weigh(state: ReaderState, line: Line, result: ParseResult, path: string, formats: FormatSet): ReaderStep {
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
  const mayMatter = () => headingOf(line.text) !== null || brokenIn(line, formats) !== null
  const isKept = isClaimed || (state.format === null && mayMatter())
  if (!isKept) return { state: { ...state, previous }, results: [{ line, result }] }

  const isNextToLast = state.pending.at(-1)?.offset === state.previous?.offset
  const before = !isClaimed || state.previous === null || isNextToLast ? [] : [state.previous]
  const pending = [...state.pending, ...before, line]
  const best = bestOf(scores, state.hasRecords ? TAKEOVER_SCORE : DECISIVE_SCORE, formats)
  if (best !== null) return adopt(best, pending, path)

  const kept = newestOf(pending)
  const dropped = pending.slice(0, pending.length - kept.length)
  const isReported = formatOf(state, formats) !== null
  const results = isReported ? [{ line, result }] : dropped.map((line) => unclaimed(line, formats))
  return { state: { ...state, scores, pending: kept, previous }, results }
}

/** What is told of a line that no dialect could be found for: that it is broken, where it can be a line of one only. */
function unclaimed(line: Line, formats: FormatSet): LineResult {
  return { line, result: brokenIn(line, formats) ?? SKIP }
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
function bestOf(scores: Scores, least: number, formats: FormatSet): Format | null {
  let best: Format | null = null
  for (const format of formats.all) {
    const score = scores[format.name] ?? 0
    if (score >= least && score > (best === null ? 0 : (scores[best.name] ?? 0))) best = format
  }
  return best
}

function adopt(format: Format, pending: readonly Line[], path: string): ReaderStep {
  let inner = format.start(path)
  const results = pending.map((line) => {
    const parsed = format.parse(line, inner)
    inner = parsed.state
    return { line, result: parsed.result }
  })
  const hasRecords = results.some(({ result }) => result.kind === 'records')
  // The line that decided may be the header of another dialect, which the next line shows.
  const previous = hasRecords ? null : (pending.at(-1) ?? null)
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

function tooLong(format: Format): ParseResult {
  return { kind: 'reject', reason: 'line-too-long', detail: `longer than ${format.maxLineBytes} bytes` }
}
