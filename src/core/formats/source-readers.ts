import { isoTime } from '../literals/timestamp.ts'
import type { Line } from '../reading/lines.ts'
import type { LogRecord } from '../records/format.ts'
import { afterLineOf, afterRecordOf, NO_SOURCES, type Sources, writerOf } from '../wrapping/sources.ts'
import { flushed, NO_WRAPPING, type Unwrapped, unwrap, type WrappingState } from '../wrapping/unwrapping.ts'
import type { FormatSet } from './format-set.ts'
import { finishReader, readLine } from './reader.ts'
import { type LineResult, type ReaderState, startReader } from './reader-state.ts'

/** What stands before the lines of a file, and where the reading of each process stands that writes to it; plain JSON. */
export type WrappedState = {
  readonly wrapping: WrappingState
  readonly sources: Sources
  /** The readers of the processes that mark their lines, by their marks. */
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
  let { sources } = read.state.wrapped ?? NOT_WRAPPED
  const readers = Object.entries(read.state.wrapped?.readers ?? {}).map(([writer, reader]) => {
    const last = finishReader(reader, path, formats)
    const named = underName(last.results, sources, writer)
    ;({ sources } = named)
    results.push(...named.results)
    return [writer, last.state] as const
  })
  const wrapped = { ...NOT_WRAPPED, ...read.state.wrapped, readers: Object.fromEntries(readers), sources }
  const after = read.state.wrapped === undefined ? {} : { wrapped }
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
    const writer = writerOf(line.head, wrapped.readers)
    const isMain = writer === ''
    const before = isMain ? reader : (readerOf(wrapped, writer) ?? likeThatOf(wrapped, reader))
    const step = readLine(before, line, path, formats)
    if (isMain) reader = step.state
    else if (step.state !== readerOf(wrapped, writer))
      wrapped = { ...wrapped, readers: { ...wrapped.readers, [writer]: step.state } }
    const named = underName(step.results, wrapped.sources, writer)
    if (named.sources !== wrapped.sources) wrapped = { ...wrapped, sources: named.sources }
    results.push(...named.results)
  }
  return { state: { reader, wrapped }, results }
}

/** The reader of the process whose series have the plain names: what the file as a whole is read as. */
export function mainReader({ reader, wrapped = NOT_WRAPPED }: LogReaderState): ReaderState {
  const { main } = wrapped.sources
  return (main === null || reader.hasRecords ? undefined : readerOf(wrapped, main)) ?? reader
}

/** The marks come from the log, and may be called like anything that objects have. */
function readerOf({ readers }: WrappedState, writer: string): ReaderState | undefined {
  return Object.hasOwn(readers, writer) ? readers[writer] : undefined
}

/** The reader of a new process: it writes as the others do, and may have begun above the first line with its mark. */
function likeThatOf(wrapped: WrappedState, unmarked: ReaderState): ReaderState {
  const { format, inner, hasRecords } = mainReader({ reader: unmarked, wrapped })
  return { ...startReader(), format, inner, hasRecords }
}

/** What lines gave, under the name of who wrote them, and with the time that stands before them. */
function underName(
  all: readonly LineResult[],
  before: Sources,
  writer: string,
): { readonly results: readonly LineResult[]; readonly sources: Sources } {
  let sources = before
  const results = all.map((each): LineResult => {
    const { line, result, hearing } = each
    if (hearing === 'only') return each
    if (result.kind !== 'records') {
      sources = afterLineOf(sources, writer)
      return each
    }
    const { rank = 0, time: written } = line.head ?? {}
    const time = written === undefined ? null : isoTime(written)
    const records = result.records.map((record): LogRecord => {
      if (record.kind === 'hidden') return record
      const step = record.kind === 'batch' ? record.batch.step : (record.step ?? record.epoch)
      const after = afterRecordOf(sources, writer, rank > 0, step)
      ;({ sources } = after)
      const { name } = after
      if (record.kind !== 'scalars' || (name === '' && time === null)) return record
      const scalars =
        name === ''
          ? record.scalars
          : record.scalars.map((scalar) => ({ ...scalar, metric: `${name}/${scalar.metric}` }))
      return { ...record, scalars, time: record.time ?? time }
    })
    return { ...each, result: { ...result, records } }
  })
  return { results, sources }
}
