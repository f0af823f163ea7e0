import { isGarbage } from '../reading/binary.ts'
import type { Line } from '../reading/lines.ts'
import { type Format, type LogRecord, type ParseResult, PREDICTION_LINE_BYTES, SKIP } from '../records/format.ts'
import { adopt, bestOf, unclaimed, weigh } from './choose-dialect.ts'
import { asDescribed, describedOf, isMeantAlone } from './described-lines.ts'
import type { FormatSet } from './format-set.ts'
import { jsonLines } from './json-lines.ts'
import { nestedRows } from './nested-rows.ts'
import { pythonDict } from './python-dict.ts'
import {
  formatOf,
  type LineResult,
  type ReaderState,
  type ReaderStep,
  type Scores,
  startReader,
} from './reader-state.ts'
import { type Gathered, gather, mayOpen, released, type Spread, type WholeLine } from './spread-records.ts'

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
  if (described !== null) return adopt(described, format === null ? state.pending : [], line, path)
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
    state.pending.length === 0 &&
    isEmpty(state.scores)
  if (isUnchanged) return { state, results }
  return { state: { ...startReader(), format: format.name, inner, hasRecords: true }, results }
}

function isEmpty(scores: Scores): boolean {
  for (const _ in scores) return false
  return true
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
  const adopted = adopt(best, state.pending, null, path)
  return finishFormat(best, adopted.state, adopted.results)
}

function finishFormat(format: Format, state: ReaderState, results: readonly LineResult[]): ReaderStep {
  const last = format.finish?.(state.inner)
  if (last?.result.kind !== 'records' || last.result.records.length === 0) return { state, results }
  const [{ offset }] = last.result.records as [LogRecord]
  const line = { offset, text: '', bytes: 0 }
  return { state: { ...state, inner: last.state }, results: [...results, { line, result: last.result }] }
}

function tooLong(format: Format): ParseResult {
  return { kind: 'reject', reason: 'line-too-long', detail: `longer than ${format.maxLineBytes} bytes` }
}
