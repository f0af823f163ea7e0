import { parsePythonLiteral } from '../literals/python-literal.ts'
import type { RecordValue } from '../literals/record-value.ts'
import { splitTime } from '../literals/timestamp.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { roleOf } from '../records/fields.ts'
import { type Claim, type Format, recordsOf, SKIP } from '../records/format.ts'
import { parsePythonJson } from '../records/python-json.ts'
import { jsonSeries } from './documents/json-series.ts'
import { newsOf, type Track, type TrackMemories } from './documents/track.ts'

/** What a script prints of all epochs at once: each list of losses in one line. */
export const histories: Format<TrackMemories> = {
  name: 'histories',
  about:
    'The lists of a whole training in one line, as print(history.history) of Keras writes them; read where no other line of the file tells a loss.',
  example: "{'loss': [2.3, 1.9, nan], 'val_loss': [2.2, 2.0, nan]}",
  maxLineBytes: TEXT_LINE_BYTES,

  // Where other lines are read, these tell once more what they told.
  claim: (line): Claim => (tracksIn(line) === null ? 'no' : 'hint'),

  start: () => ({}),

  parse({ text, offset }, told) {
    const tracks = tracksIn(text)
    if (tracks === null) return { result: SKIP, state: told }
    const { results, memories } = newsOf(tracks, told, MAX_POINTS)
    const records = results.flatMap((result) => (result.kind === 'records' ? result.records : []))
    const ofLine = records.map((record) => ({ ...record, offset }))
    return { result: recordsOf(ofLine, null), state: { ...told, ...memories } }
  },
}

/** More than a line can hold. */
const MAX_POINTS = 100_000
/** Shorter lists may be the parts of one loss, or the losses of one batch; with held-out losses beside them they are not. */
const LEAST_VALUES_OF_LIST = 8
const LEAST_VALUES_OF_OBJECT = 5
const LEAST_VALUES_WITH_VALIDATION = 2
/** A list of two values or more, at whatever place of a line. */
const HAS_LIST = /\[ ?[^[\],\s]{1,64}(?:,|\s)/
const OF_NUMPY = /^\[[-+\s\w.]+\]$/
const ENDS_LIST = /[\]})]\s*$/
const MAX_NAME_CHARS = 64
/** Words that say only that it is a list. */
const OF_LIST = /(?<![^\s_])(?:history|list|values|curve|array|per[_ ]epoch)(?![^\s_:=])/gi

function tracksIn(line: string): readonly Track[] | null {
  if (line.length > TEXT_LINE_BYTES || !ENDS_LIST.test(line.slice(-8)) || !HAS_LIST.test(line)) return null
  const start = line.search(/[[{]/)
  const value = valueAt(line, start)
  if (value === null) return null
  const name = nameIn(line.slice(0, start))
  return Array.isArray(value) && name !== ''
    ? longEnough(jsonSeries.read({ [name]: value }, ''), LEAST_VALUES_OF_LIST)
    : historyOf(value)
}

/** The series of an object or a list that is the history of a training; null for any other. */
export function historyOf(value: RecordValue): readonly Track[] | null {
  const tracks = jsonSeries.read(value, '')
  const isValidated = tracks?.some(({ name }) => roleOf(name) === 'val_loss') === true
  return longEnough(tracks, isValidated ? LEAST_VALUES_WITH_VALIDATION : LEAST_VALUES_OF_OBJECT)
}

function longEnough(tracks: readonly Track[] | null, least: number): readonly Track[] | null {
  return tracks?.some(({ length }) => length >= least) === true ? tracks : null
}

/** The list or the object that begins at a place; NumPy puts blanks between numbers. */
function valueAt(line: string, start: number): RecordValue | null {
  const text = line.slice(start).trimEnd()
  if (OF_NUMPY.test(text)) return text.slice(1, -1).trim().split(/\s+/)
  const json = parsePythonJson(text)
  const parsing = json.ok ? json : parsePythonLiteral(text, 0)
  return parsing.ok ? parsing.value : null
}

/** The name before a list: `train losses: `, `loss_history = `. */
function nameIn(before: string): string {
  const name = splitTime(before)
    .rest.replace(OF_LIST, '')
    .replace(/^[\s|]+|[\s:=_]+$/g, '')
  return name.length <= MAX_NAME_CHARS && !/\d/.test(name) ? name : ''
}
