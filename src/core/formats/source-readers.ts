import { isoTime } from '../literals/timestamp.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import { NO_SOURCES, type Sources, sourceOf } from '../wrapping/sources.ts'
import { flushed, NO_WRAPPING, type Unwrapped, unwrap, type WrappingState } from '../wrapping/unwrapping.ts'
import type { FormatSet } from './format-set.ts'
import { finishReader, type LineResult, type ReaderState, readLine, startReader } from './reader.ts'

/** What stands before the lines of a file, and where the reading of each process stands that writes to it; plain JSON. */
export type WrappedState = {
  readonly wrapping: WrappingState
  readonly sources: Sources
  /** The readers of the processes beside the main one, by their names. */
  readonly readers: Readonly<Record<string, ReaderState>>
}

/** Where the reading of a file of lines stands. */
export interface LogReaderState {
  readonly reader: ReaderState
  /** Not there before the first line. A state of an older version has none. */
  readonly wrapped?: WrappedState
}

interface LogStep {
  readonly state: LogReaderState
  readonly results: readonly LineResult[]
}

const NOT_WRAPPED: WrappedState = { wrapping: NO_WRAPPING, sources: NO_SOURCES, readers: {} }

/**
 * Reads the next line of a file, into which several processes may write.
 *
 * What others have put before the line is taken off before any dialect sees it. Each process has a reader of its own, so
 * a heading of one says nothing of the lines of another, and series of its own: `rank3/loss`. Lines of ranks that
 * overtake each other are no resumed job so, and a NaN on one rank alone is seen.
 */
export function readLogLine(state: LogReaderState, line: Line, path: string, formats: FormatSet): LogStep {
  const { wrapped = NOT_WRAPPED } = state
  return readAll(state, unwrap(wrapped.wrapping, line), path, formats)
}

/** Reads the lines that wait for those below them, once the job has ended. */
export function flushLog(state: LogReaderState, path: string, formats: FormatSet): LogStep {
  if (state.wrapped === undefined) return { state, results: [] }
  return readAll(state, flushed(state.wrapped.wrapping), path, formats)
}

/** Reads what still waits once the writer has left. */
export function finishLog(state: LogReaderState, path: string, formats: FormatSet): LogStep {
  const read = flushLog(state, path, formats)
  const main = finishReader(read.state.reader, path, formats)
  const results = [...read.results, ...main.results]
  const readers: Record<string, ReaderState> = {}
  for (const [source, reader] of Object.entries(read.state.wrapped?.readers ?? {})) {
    const last = finishReader(reader, path, formats)
    readers[source] = last.state
    results.push(...last.results.map((result) => ofSource(result, source)))
  }
  const after = read.state.wrapped === undefined ? {} : { wrapped: { ...read.state.wrapped, readers } }
  return { state: { reader: main.state, ...after }, results }
}

function readAll(
  state: LogReaderState,
  { state: wrapping, lines }: Unwrapped,
  path: string,
  formats: FormatSet,
): LogStep {
  let { reader, wrapped = NOT_WRAPPED } = state
  if (wrapping !== wrapped.wrapping) wrapped = { ...wrapped, wrapping }
  const results: LineResult[] = []
  for (const line of lines) {
    const { sources, source } = sourceOf(wrapped.sources, line.head, line.text)
    if (sources !== wrapped.sources) wrapped = { ...wrapped, sources }
    const known = source === '' ? reader : (wrapped.readers[source] ?? startReader())
    const step = readLine(known, line, path, formats)
    if (source === '') reader = step.state
    else wrapped = { ...wrapped, readers: { ...wrapped.readers, [source]: step.state } }
    results.push(...step.results.map((result) => ofSource(result, source)))
  }
  return { state: { reader, wrapped }, results }
}

/** What a line gave, under the name of who wrote it, and with the time that stands before it. */
function ofSource({ line, result }: LineResult, source: string): LineResult {
  if (result.kind !== 'records') return { line, result }
  const time = line.head?.time === undefined ? null : isoTime(line.head.time)
  if (source === '' && time === null) return { line, result }
  const records = result.records.map((record): LogRecord => {
    if (record.kind !== 'scalars') return record
    const scalars =
      source === ''
        ? record.scalars
        : record.scalars.map((scalar) => ({ ...scalar, metric: `${source}/${scalar.metric}` }))
    return { ...record, scalars, time: record.time ?? time }
  })
  return { line, result: { ...result, records } }
}
