import { withDecimalPoint } from '../literals/decimal-comma.ts'
import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { fieldOf } from '../records/fields.ts'
import { type Claim, type Format, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The names over the columns, once a rule has shown where those are; the line before until then. */
export type RuledState = {
  readonly names: readonly string[]
  readonly previous: string
  /** Whether bars stand between the columns, as in Markdown. There a cell may hold anything. */
  readonly isBarred?: boolean
}

/**
 * Tables for people: names, a rule of dashes below each, and rows of numbers. spaCy, tabulate and Markdown have them; the
 * names of MATLAB's go over two rows.
 */
export const ruledTable: Format<RuledState> = {
  name: 'ruled-table',
  about: 'A table whose header is underlined with dashes, as spaCy and tabulate print it, or one of Markdown.',
  example: 'E    #       LOSS TEXTCAT  SCORE\n---  ------  ------------  ------\n  2      20          0.25    0.32',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (previous === null || line.length > MAX_TABLE_CHARS || previous.length > MAX_TABLE_CHARS) return 'no'
    const names = namesOf(previous, line)
    return names.some(isCounter) && names.some(hasRole) ? 'sure' : 'no'
  },

  start: () => ({ names: [], previous: '' }),

  parse(line, state) {
    if (line.text.length > MAX_TABLE_CHARS) return { result: SKIP, state }
    const names = namesOf(state.previous, line.text)
    if (names.some(isCounter))
      return {
        result: SKIP,
        state: { names, previous: '', isBarred: SECOND_ROW.test(line.text) || isBarredRule(line.text) },
      }
    const record = state.isBarred
      ? barredRowOf(line.text, line.offset, state.names)
      : rowOf(line.text, line.offset, state.names)
    if (record !== null) return { result: { kind: 'records', records: [record] }, state }
    return { result: SKIP, state: { ...state, previous: line.text } }
  },
}

const MAX_TABLE_CHARS = 1024
const MAX_COLUMNS = 64
/** What spaCy calls its counters. */
const SHORT_NAMES = new Map([
  ['E', 'epoch'],
  ['#', 'step'],
])

/** The names that stand over the dashes of `rule`; none where it is no rule. */
function namesOf(header: string, rule: string): readonly string[] {
  if (SECOND_ROW.test(rule)) return namesOfTwoRows(header, rule)
  if (!rule.includes('--')) return []
  if (isBarredRule(rule)) {
    const names = cellsOf(header)
    return names.length === cellsOf(rule, /[|+]/).length && names.length <= MAX_COLUMNS ? names : []
  }
  const dashes = rule.trim().split(/\s+/)
  if (dashes.length < 2 || dashes.length > MAX_COLUMNS || !dashes.every((dash) => /^-{2,}$/.test(dash))) return []
  const starts: number[] = []
  for (let at = 0; at < rule.length; at++) if (rule[at] === '-' && rule[at - 1] !== '-') starts.push(at)
  return starts.map((start, column) => {
    const name = header.slice(start, starts[column + 1]).trim()
    return SHORT_NAMES.get(name) ?? name
  })
}

/** A row between bars of words, with an empty cell: names may go on in it. */
const SECOND_ROW = /^\s*\|(?=.*\|\s*\|)[^\d-]*\p{L}[^\d]*\|\s*$/u

/** The names of a header of two rows, as MATLAB has them: `| Mini-batch |` over `| Loss |`; none where these are no names. */
function namesOfTwoRows(upper: string, lower: string): readonly string[] {
  const [first, second] = [cellsOf(upper), cellsOf(lower)]
  if (first.length !== second.length || first.length > MAX_COLUMNS || /\d/.test(upper)) return []
  return first.map((name, column) => `${name} ${second[column]}`.trim())
}

/** `-- | --`, `|:---|---:|`, and the `---+---` of databases. */
function isBarredRule(rule: string): boolean {
  return rule.length <= MAX_TABLE_CHARS && /^\s*\|?\s*:?-{2,}:?(?:\s*[|+]\s*:?-{2,}:?)+\s*\|?\s*$/.test(rule)
}

/** The cells of a row, of names, numbers or dashes. */
function cellsOf(row: string, bar: RegExp | string = '|'): readonly string[] {
  const inner = row.trim().replace(/^\||\|$/g, '')
  const cells = inner.split(bar, MAX_COLUMNS + 1).map((cell) => cell.trim())
  return inner.includes(',') ? cells.map((cell) => withDecimalPoint(cell, false)) : cells
}

function isCounter(name: string): boolean {
  const { kind } = fieldOf(name)
  return kind === 'step' || kind === 'epoch'
}

function hasRole(name: string): boolean {
  const field = fieldOf(name)
  return isSpacyLoss(name) || (field.kind === 'metric' && field.role !== 'other')
}

/** spaCy has a loss for each component that it trains, and no other: each is an objective. */
function isSpacyLoss(name: string): boolean {
  return name.startsWith('LOSS ')
}

function rowOf(text: string, offset: number, names: readonly string[]) {
  const cells = text.trim().split(/\s+/, MAX_COLUMNS + 1)
  if (names.length === 0 || cells.length !== names.length) return null
  const builder = new RecordBuilder()
  for (const [column, cell] of cells.entries()) {
    const name = names[column]!
    const number = parseNumber(cell)
    if (number === null) return null
    if (isSpacyLoss(name)) builder.scalars.push({ metric: name, role: 'train_loss', ...number })
    else builder.add(name, number.value, number.raw, number.zeroDecimals)
  }
  return builder.record(offset)
}

/** A row between bars: what is no number, such as the "No Log" of a notebook, is no value. */
function barredRowOf(text: string, offset: number, names: readonly string[]) {
  const cells = cellsOf(text)
  if (cells.length !== names.length) return null
  const builder = new RecordBuilder()
  for (const [column, cell] of cells.entries()) {
    const number = parseNumber(cell.replace(/%$/, ''))
    if (number !== null) builder.add(names[column]!, number.value, number.raw, number.zeroDecimals)
  }
  return builder.step === null && builder.epoch === null ? null : builder.record(offset)
}
