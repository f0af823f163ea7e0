import { BUILT_IN } from '../../../src/core/formats/format-set.ts'
import { type LineResult, startReader } from '../../../src/core/formats/reader-state.ts'
import { finishLog, type LogReaderState, mainReader, readLogLine } from '../../../src/core/formats/source-readers.ts'
import type { Line } from '../../../src/core/reading/lines.ts'
import type { Format, LogRecord, ParseResult } from '../../../src/core/records/format.ts'
import type { Role } from '../../../src/protocol/sample.ts'
import type { JsonValue } from '../../../src/protocol/value.ts'

const encoder = new TextEncoder()

/** The lines of a text file, one after another from its first byte. */
export function linesOf(texts: readonly string[]): readonly Line[] {
  let offset = 0
  return texts.map((text) => {
    const bytes = encoder.encode(text).length
    const line = { offset, text, bytes }
    offset += bytes + 1
    return line
  })
}

/** What a format makes of a file's lines. */
export function parseAll<State extends JsonValue>(
  format: Format<State>,
  texts: readonly string[],
  path?: string,
): readonly ParseResult[] {
  let state = format.start(path)
  return linesOf(texts).map((line) => {
    const parsed = format.parse(line, state)
    state = parsed.state
    return parsed.result
  })
}

/** The roles of the metrics that are read in a file. */
export function rolesIn(texts: readonly string[], path = ''): readonly Role[] {
  return resultsOf(texts, path).results.flatMap((result) =>
    result.kind === 'records'
      ? result.records.flatMap((r) => (r.kind === 'scalars' ? r.scalars.map(({ role }) => role) : []))
      : [],
  )
}

/** What is read in a file, in short, without the lines that are skipped. */
export function readBriefly(
  texts: readonly string[],
  path = '',
): { format: string | null; results: readonly unknown[] } {
  const { format, results } = resultsOf(texts, path)
  return {
    format,
    results: results
      .map(briefly)
      .filter((result) => result !== 'skip')
      .flat(),
  }
}

function resultsOf(texts: readonly string[], path: string): { format: string | null; results: readonly ParseResult[] } {
  const { state, results } = readLog(linesOf(texts), path)
  return { format: mainReader(state).format, results: results.map(({ result }) => result) }
}

/** What the reader makes of the lines of a file whose writer has left. */
export function readLog(
  lines: Iterable<Line>,
  path = '',
): { readonly state: LogReaderState; readonly results: readonly LineResult[] } {
  let state: LogReaderState = { reader: startReader() }
  const results: LineResult[] = []
  const take = (step: ReturnType<typeof readLogLine>) => {
    state = step.state
    results.push(...step.results)
  }
  for (const line of lines) take(readLogLine(state, line, path, BUILT_IN))
  take(finishLog(state, path, BUILT_IN))
  return { state, results }
}

/** A record in short: `step 3 epoch 1 loss=NaN`, the metrics under their names. */
export function brief(record: LogRecord): string {
  if (record.kind === 'batch')
    return `batch ${record.batch.step} ${record.batch.kind} ${record.batch.n}x${record.batch.k}`
  if (record.kind === 'hidden') return `mask ${record.step} ${record.metric} ${record.reason}`
  const { step, epoch, scalars } = record
  const counters = [...(step === null ? [] : [`step ${step}`]), ...(epoch === null ? [] : [`epoch ${epoch}`])]
  return [...counters, ...scalars.map(({ metric, value }) => `${metric}=${value}`)].join(' ')
}

/** The records of a result in short, or what else it is. */
export function briefly(result: ParseResult): readonly string[] | string {
  if (result.kind === 'records') return result.records.map(brief)
  return result.kind === 'skip' ? 'skip' : `${result.reason}: ${result.detail}`
}

/** What the reader makes of a whole text file whose writer has left. */
export function readText(text: string): { readonly records: readonly LogRecord[]; readonly format: string | null } {
  const { state, results } = readLog(linesOf(text.trimEnd().split(/\r?\n/)))
  const records = results.flatMap(({ result }) => (result.kind === 'records' ? result.records : []))
  return { records, format: mainReader(state).format }
}
