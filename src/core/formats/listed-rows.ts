import { isFinite, metricValue } from '../../protocol/value.ts'
import { type NumberText, parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { headerOf, isCounter } from '../records/csv-rows.ts'
import { type Claim, type Format, recordsOf, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The names over the columns, or none before the header. */
export type ListedRowsState = { readonly names: readonly string[] }

/** Rows below a header whose cells are lists of numbers: a solver whose loss has many parts prints them so. */
export const listedRows: Format<ListedRowsState> = {
  name: 'listed-rows',
  about:
    'A header, and rows whose cells are lists of numbers, as DeepXDE prints them: the sum of a list under the name of its column, and its parts.',
  example: 'Step      Train loss              Test loss\n1000      [1.25e-01, nan]         [2.50e-01, 5.00e-01]',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (previous === null || !line.includes('[')) return 'no'
    const names = namesOf(previous)
    return names.length > 0 && recordOf(line, 0, names) !== null ? 'sure' : 'no'
  },

  start: () => ({ names: [] }),

  parse({ text, offset }, state) {
    const record = text.includes('[') ? recordOf(text, offset, state.names) : null
    if (record !== null) return { result: recordsOf([record], null), state }
    const names = namesOf(text)
    return { result: SKIP, state: names.length === 0 ? state : { names } }
  },
}

const MAX_ROW_CHARS = 16 * 1024
const MAX_CELLS = 64
/** A list, which may hold nothing, or what stands between blanks. */
const CELL = /\[[^[\]]*\]|[^\s[\]]+/g

function namesOf(line: string): readonly string[] {
  const names = line.length > MAX_ROW_CHARS ? [] : (headerOf(line.trim())?.names ?? [])
  return isCounter(names[0] ?? '') ? names : []
}

function recordOf(line: string, offset: number, names: readonly string[]) {
  const cells = line.length > MAX_ROW_CHARS ? [] : (line.match(CELL) ?? [])
  if (cells.length !== names.length || !/^\d{1,15}$/.test(cells[0] ?? '')) return null
  const builder = new RecordBuilder()
  for (const [column, cell] of cells.entries()) {
    const list = cell.startsWith('[') ? cell.slice(1, -1).trim() : null
    const numbers = (list === '' ? [] : (list ?? cell).split(/[,\s]+/, MAX_CELLS + 1)).map(parseNumber)
    if (!numbers.every((number) => number !== null) || numbers.length > MAX_CELLS) return null
    addCell(builder, names[column]!, numbers)
  }
  return builder.record(offset)
}

/** What is minimised is the sum of the parts. */
function addCell(builder: RecordBuilder, name: string, numbers: readonly NumberText[]): void {
  if (numbers.length > 1) {
    const sum = metricValue(numbers.reduce((total, { value }) => total + Number(value), 0))
    builder.add(name, sum, isFinite(sum) ? null : (numbers.find(({ raw }) => raw !== null)?.raw ?? sum))
  }
  for (const [index, { value, raw, zeroDecimals }] of numbers.entries())
    builder.add(numbers.length > 1 ? `${name}/${index}` : name, value, raw, zeroDecimals)
}
