import { isObject, type RecordObject, type RecordValue } from '../../literals/record-value.ts'
import { type Format, type LogRecord, type ParseResult, PREDICTION_LINE_BYTES, SKIP } from '../../records/format.ts'
import { parsePythonJson } from '../../records/python-json.ts'
import { listOf } from '../documents/cells.ts'
import { rowResult, rowTrack } from '../documents/row-records.ts'
import type { DocumentShape } from '../documents/shape.ts'
import type { Track } from '../documents/track.ts'
import { type Built, type CustomJson, withRoles } from './custom-format.ts'
import { type JsonPath, parseJsonPath, selectJson } from './json-path.ts'

/** What a description reads: lines of JSON, or a document, as the file turns out to be. */
export interface CustomJsonFormat {
  readonly lines: Format<null>
  readonly document: DocumentShape
}

/**
 * Formats for JSON whose records stand at a path, and whose values may have paths of their own.
 *
 * Without `fields` a record is read as any JSON record is; with them nothing
 * else of it counts.
 */
export function customJson(description: CustomJson): Built<CustomJsonFormat> {
  const { name, roles } = description
  const records = parseJsonPath(description.records ?? '')
  if (records === null) return { ok: false, problem: `records: "${description.records}" is no path such as history[*]` }
  const fields: (readonly [string, JsonPath])[] = []
  for (const [field, text] of Object.entries(description.fields ?? {})) {
    const path = parseJsonPath(text)
    if (path === null || path.length === 0) {
      return { ok: false, problem: `fields.${field}: "${text}" is no path such as stats.loss` }
    }
    fields.push([field, path])
  }
  // A path that ends at a list means its items.
  const rowsOf = (value: RecordValue) =>
    selectJson(value, records)
      .flatMap((found) => listOf(found) ?? [found])
      .map((row) => flat(row, fields))
  const about = `JSON with records at ${description.records ?? 'its top'}`
  const example = description.records ?? '$'
  const lines: Format<null> = {
    name,
    about,
    example,
    maxLineBytes: PREDICTION_LINE_BYTES,
    claim: (line) => (read(line, 0).kind === 'records' ? 'sure' : 'no'),
    start: () => null,
    parse: ({ text, offset }) => ({ result: read(text, offset), state: null }),
  }
  const document: DocumentShape = {
    name,
    about,
    example,
    read(value) {
      const rows = rowsOf(value)
      return rows.length === 0 ? null : [trackWithRoles(rowTrack({ name: 'records', rows, prefix: '' }), roles)]
    },
  }
  return { ok: true, format: { lines, document } }

  function read(line: string, offset: number): ParseResult {
    if (!/^\s*[{[]/.test(line)) return SKIP
    const parsing = parsePythonJson(line)
    if (!parsing.ok) return { kind: 'reject', reason: parsing.reason, detail: parsing.detail }
    const records: LogRecord[] = []
    for (const row of rowsOf(parsing.value)) {
      const result = isObject(row) ? rowResult(row, { offset, position: null, prefix: '', extras: () => [] }) : SKIP
      if (result.kind === 'reject') return result
      if (result.kind === 'records') records.push(...result.records)
    }
    return records.length === 0 ? SKIP : withRoles({ kind: 'records', records }, roles)
  }
}

function trackWithRoles(track: Track, roles: CustomJson['roles']): Track {
  return { ...track, at: (index) => withRoles(track.at(index), roles) }
}

/** A record of the values at the paths of its fields; the record itself where none are told. */
function flat(row: RecordValue, fields: readonly (readonly [string, JsonPath])[]): RecordValue {
  if (fields.length === 0) return row
  const values: Record<string, RecordValue> = {}
  for (const [name, path] of fields) {
    const [value] = selectJson(row, path)
    if (value !== undefined) values[name] = value
  }
  return values satisfies RecordObject
}
