import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { isLossLike } from '../records/fields.ts'
import { type Claim, type Format, type LogRecord, type ParseResult, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The rows of a table so far, whose end is still to come, and the section they stand in. */
export type ListedState = {
  readonly offset: number
  readonly section: string
  readonly rows: readonly (readonly [name: string, text: string])[]
}

/** A table for each step, with a metric and its value in each row: the logger of Stable-Baselines and its kin. */
export const listedTable: Format<ListedState> = {
  name: 'listed-table',
  about:
    'A table for each step, drawn with bars, with a metric and its value in each row, as Stable-Baselines prints it.',
  example:
    '----------------------------\n| train/          |        |\n|    loss         | 5.12   |\n| total_timesteps | 4096   |\n----------------------------',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    const row = rowOf(line)
    if (row === null || previous === null || (rowOf(previous) === null && !isRule(previous))) return 'no'
    return isLossLike(row.name) ? 'sure' : 'hint'
  },

  start: () => EMPTY,

  parse({ text, offset }, state) {
    const row = rowOf(text)
    if (row === null) return isRule(text) ? finished(state) : { result: SKIP, state }
    const from = state.rows.length === 0 ? offset : state.offset
    if (row.text === '') return { result: SKIP, state: { ...state, offset: from, section: row.name } }
    if (state.rows.length === MAX_ROWS) return { result: SKIP, state }
    const section = row.isIndented ? state.section : ''
    const rows = [...state.rows, [section + row.name, row.text] as const]
    return { result: SKIP, state: { offset: from, section, rows } }
  },

  finish: finished,
}

const EMPTY: ListedState = { offset: 0, section: '', rows: [] }
const MAX_ROW_CHARS = 256
const MAX_ROWS = 256

interface ListedRow {
  readonly name: string
  readonly text: string
  readonly isIndented: boolean
}

/** A row of two cells, of which the first is a name and the second a number; or nothing, below the name of a section. */
function rowOf(line: string): ListedRow | null {
  if (line.length > MAX_ROW_CHARS || !line.startsWith('|')) return null
  const [, first = '', second = '', rest, ...more] = line.trimEnd().split('|')
  const name = first.trim()
  const text = second.trim()
  if (rest !== '' || more.length > 0 || !/^[A-Za-z_]/.test(name)) return null
  const isSection = text === '' && name.endsWith('/')
  return isSection || parseNumber(text) !== null ? { name, text, isIndented: /^\s{2}/.test(first) } : null
}

function isRule(line: string): boolean {
  return line.length <= MAX_ROW_CHARS && /^-{3,}\s*$/.test(line)
}

function finished({ offset, rows }: ListedState): { readonly result: ParseResult; readonly state: ListedState } {
  const builder = new RecordBuilder()
  for (const [name, text] of rows) builder.addText(name, text)
  const record: LogRecord | null = builder.isAboutTraining ? builder.record(offset) : null
  return { result: record === null ? SKIP : { kind: 'records', records: [record] }, state: EMPTY }
}
