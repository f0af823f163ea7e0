import { isObject, type RecordValue } from '../../literals/record-value.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import { hfTrainerState } from './hf-trainer-state.ts'
import { isListStart, isValueStart, scalarEnd, skipSpace, stringEnd, valueEnd } from './json-extent.ts'
import { jsonSeries } from './json-series.ts'
import { areTrainingRows, ROWS_LOOKED_AT } from './row-records.ts'

/**
 * A list of records that is read element by element, so that its document may be of any length.
 *
 * What stands before it, and its first elements, say that nothing else in the document is a series. Of any other document
 * that is known only once it was read as a whole.
 */
export interface StreamedList {
  /** The kind of document, by the name of its shape. */
  readonly kind: string
  /** The name of the track that the list is. */
  readonly track: string
  /** Where its first element may begin. */
  readonly startBytes: number
  /** Whether a bracket closes it. Values that follow each other are a list without one. */
  readonly isClosed: boolean
}

/** The list of a document, by its first bytes; null where they show none. */
export function streamedListIn(bytes: Uint8Array): StreamedList | null {
  const start = skipSpace(bytes, 0)
  if (isListStart(bytes, start)) {
    const list = { kind: jsonSeries.name, track: '', startBytes: start + 1, isClosed: true }
    return areTrainingRows(valuesFrom(bytes, start + 1)) ? list : null
  }
  if (!isValueStart(bytes, start)) return null
  const history = memberAt(bytes, start, HISTORY)
  if (history !== null) {
    const list = { kind: hfTrainerState.name, track: HISTORY, startBytes: history + 1, isClosed: true }
    return isListStart(bytes, history) ? list : null
  }
  const values = valuesFrom(bytes, start)
  const list = { kind: jsonSeries.name, track: '', startBytes: start, isClosed: false }
  return values.length > 1 && areTrainingRows(values) ? list : null
}

const HISTORY = 'log_history'

/** The first values that follow each other, as far as they are whole; none where one of them does not read. */
function valuesFrom(bytes: Uint8Array, start: number): readonly RecordValue[] {
  const values: RecordValue[] = []
  const decoder = new TextDecoder()
  for (let at = skipSeparator(bytes, start); values.length < ROWS_LOOKED_AT && isValueStart(bytes, at); ) {
    const end = valueEnd(bytes, at)
    if (end === null) break
    const parsing = parsePythonJson(decoder.decode(bytes.subarray(at, end)))
    if (!parsing.ok) return []
    values.push(parsing.value)
    at = skipSeparator(bytes, end)
  }
  return values
}

/** Where the value of a member of an object begins; null where that is not among these bytes. */
function memberAt(bytes: Uint8Array, object: number, wanted: string): number | null {
  const decoder = new TextDecoder()
  for (let at = skipSpace(bytes, object + 1); bytes[at] === QUOTE; ) {
    const close = stringEnd(bytes, at)
    if (close === null) return null
    const colon = skipSpace(bytes, close + 1)
    if (bytes[colon] !== COLON) return null
    const value = skipSpace(bytes, colon + 1)
    if (decoder.decode(bytes.subarray(at + 1, close)) === wanted) return value < bytes.length ? value : null
    const end = elementEnd(bytes, value)
    if (end === null) return null
    at = skipSeparator(bytes, end)
  }
  return null
}

/** The first offset from `at` on that holds no white space, behind a comma if there is one. */
export function skipSeparator(bytes: Uint8Array, at: number): number {
  const next = skipSpace(bytes, at)
  return bytes[next] === COMMA ? skipSpace(bytes, next + 1) : next
}

/** Offset behind the value that begins at `start`, whatever it is; null where it may go on behind these bytes. */
export function elementEnd(bytes: Uint8Array, start: number): number | null {
  if (isValueStart(bytes, start)) return valueEnd(bytes, start)
  if (bytes[start] !== QUOTE) return scalarEnd(bytes, start)
  const close = stringEnd(bytes, start)
  return close === null ? null : close + 1
}

/** Whether the members of an object say that its training is over. */
export function saysOver(kind: string, outline: RecordValue): boolean {
  return kind === hfTrainerState.name && isObject(outline) && hfTrainerState.isOver?.(outline) === true
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
