import { withDecimalPoint } from '../literals/decimal-comma.ts'
import { parseNumber } from '../literals/number.ts'
import { isoTime } from '../literals/timestamp.ts'
import type { Line } from '../reading/lines.ts'
import { fieldOf } from './fields.ts'
import { type Parsed, type ParseResult, recordsOf, SKIP } from './format.ts'
import { RecordBuilder } from './record-builder.ts'

/** A line of names, which are the names of the cells in the rows below it. */
export type Header = {
  readonly names: readonly string[]
  readonly separator: Separator
}

/**
 * The newest header, or null before the first.
 *
 * `row` counts the rows below it, in a table that has no column of steps or
 * epochs; it is null in one that has.
 */
export type CsvState = (Header & { readonly row: number | null }) | null

type Separator = ',' | '\t' | ';' | ' ' | '|'

/** Reads the next line of a table; a line of names begins a table anew. */
export function readCsvLine(line: Line, state: CsvState): Parsed<CsvState> {
  if (state === null) return { result: SKIP, state: below(headerOf(line.text)) }
  const cells = cellsOf(line.text, state.separator)
  const header = cells[0] !== undefined && isValue(cells[0]) ? null : headerOf(line.text)
  if (header !== null && isNext(header, state)) return { result: SKIP, state: below(header) }
  const result = rowResult(cells, line.offset, state)
  return { result, state: state.row === null || result === SKIP ? state : { ...state, row: state.row + 1 } }
}

function below(header: Header | null): CsvState {
  return header === null ? null : { ...header, row: possibleNames(header).flat().some(isCounter) ? null : 0 }
}

/** No table has more columns. The cells of a line beyond this are not read. */
const MAX_COLUMNS = 2048
/** A longer cell is neither a name nor a number, and stays as it is. */
const MAX_CELL_CHARS = 1024
/** No name of a column is longer, and prose between commas often is. */
const MAX_NAME_CHARS = 128
const MAX_NAME_WORDS = 4
const MAX_NAMES_IN_WORDS = 16
/** What a header begins with. Most lines of other dialects do not, so their cells are never split. */
const HEADER_START = /^[\s#"|│┃,;]*[\p{L}\p{N}_@]/u
/** A table that is drawn has a bar at both ends of each line. */
const BAR = /[|│┃]/
const OUTER_BARS = /^[|│┃]|[|│┃]$/g
/** `metrics/mAP_0.5:0.95` is a name, and so is the norm `|grad|`; `Note: this` is not. */
const NAME = /^(?:[\p{L}\p{N}_@](?:[^=:{}<>"?!]|:(?! |$))*|\|{1,2}[\p{L}_][\p{L}\p{N}_]*\|{1,2})$/u
const MISSING = new Set(['na', 'n/a', 'null', 'none', '-', '<na>'])

/** The newest line and the header that it is: each dialect of tables asks about the same line. */
let newest: { readonly line: string; readonly header: Header | null } = { line: '', header: null }

/** The line as a header of at least two names, all of them different; null where it is none. */
export function headerOf(line: string): Header | null {
  if (!HEADER_START.test(line)) return null
  if (newest.line !== line) newest = { line, header: readHeader(line) }
  return newest.header
}

function readHeader(line: string): Header | null {
  const separator = separatorOf(line)
  if (separator === null) return null
  const text = line.replace(/^\s*#\s*/, '')
  const gap = / {2}/.test(text.trim()) ? /\s{2,}/ : ' '
  const names = separator === ' ' ? text.trim().split(gap, MAX_COLUMNS + 1) : cellsOf(text, separator)
  if (names.length > MAX_COLUMNS) return null
  // Among columns of spaces a number shows that this is no line of names.
  if (separator === ' ' && !wordsOf(names).every(isName)) return null
  const isHeader = names.length > 1 && names.every((name, column) => isName(name) || isIndex(name, column))
  return isHeader && new Set(names).size === names.length ? { names, separator } : null
}

/** pandas writes its index into a column without a name. */
function isIndex(name: string, column: number): boolean {
  return column === 0 && name === ''
}

/**
 * The names that a header may have, in one or two ways of reading it.
 *
 * In a table of columns of spaces a single space may be part of a name, as in
 * `Train Loss`, or may part two names. Such a header is read both ways.
 */
export function possibleNames({ names, separator }: Header): readonly (readonly string[])[] {
  const words = separator === ' ' ? wordsOf(names) : names
  return words.length === names.length || new Set(words).size < words.length ? [names] : [names, words]
}

function wordsOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => name.split(' '))
}

/**
 * The names over the cells of a row; null where their numbers differ. A row that pandas prints has its index in front,
 * which counts where one of the columns is of training: any data may be printed so.
 */
export function namesOver(cells: readonly string[], header: Header): readonly string[] | null {
  const all = possibleNames(header)
  const exact = all.find(({ length }) => length === cells.length)
  if (exact !== undefined || header.separator !== ' ' || !/^\d{1,9}$/.test(cells[0] ?? '')) return exact ?? null
  const indexed = all.find(({ length }) => length === cells.length - 1)
  return indexed === undefined || !indexed.some(hasRole) || !isRow(cells) ? null : ['', ...indexed]
}

/** Spaces part columns only where nothing else does. */
function separatorOf(line: string): Separator | null {
  const text = line.trim()
  if (BAR.test(text.charAt(0)) && BAR.test(text.charAt(text.length - 1))) return '|'
  for (const separator of [',', '\t', ';'] as const) {
    if (line.includes(separator)) return separator
  }
  if (/ \| /.test(text)) return '|'
  return / {2}/.test(text) || isCountedHeader(text) ? ' ' : null
}

/** Whether words with one space between them are names, of a counter first: `epoch loss accuracy`. */
function isCountedHeader(text: string): boolean {
  const space = text.indexOf(' ')
  return space > 0 && isCounter(text.slice(0, space)) && text.split(' ', MAX_NAMES_IN_WORDS).some(hasRole)
}

export function cellsOf(line: string, separator: Separator): string[] {
  const cells = writtenCells(line, separator)
  return line.includes(',') && (separator !== ',' || line.includes('"'))
    ? cells.map((cell) => withDecimalPoint(cell, separator === ';'))
    : cells
}

function writtenCells(line: string, separator: Separator): string[] {
  if (separator === ' ') return line.trim().split(/\s+/, MAX_COLUMNS + 1)
  if (separator === '|') return drawnCells(line)
  if (!line.includes('"')) return line.split(separator, MAX_COLUMNS + 1).map((cell) => cell.trim())
  return quotedCells(line, separator)
}

function drawnCells(line: string): string[] {
  const cells = line
    .trim()
    .replace(OUTER_BARS, '')
    .split(BAR, MAX_COLUMNS + 1)
  return cells.map((cell) => cell.trim())
}

/** RFC 4180: a quoted cell may hold the separator, and `""` stands for a quote. */
function quotedCells(line: string, separator: Separator): string[] {
  const cells: string[] = []
  const separatorCode = separator.charCodeAt(0)
  let start = 0
  let isQuoted = false
  for (let at = 0; at < line.length && cells.length <= MAX_COLUMNS; at++) {
    const code = line.charCodeAt(at)
    if (code === QUOTE) isQuoted = !isQuoted
    else if (code === separatorCode && !isQuoted) {
      cells.push(unquoted(line.slice(start, at)))
      start = at + 1
    }
  }
  return [...cells, unquoted(line.slice(start))]
}

function unquoted(text: string): string {
  const cell = text.trim()
  if (cell.length > MAX_CELL_CHARS || !cell.includes('"')) return cell
  return cell.length > 1 && cell.startsWith('"') && cell.endsWith('"')
    ? cell.slice(1, -1).replaceAll('""', '"').trim()
    : cell.replaceAll('"', '')
}

function isName(cell: string): boolean {
  if (cell.length > MAX_NAME_CHARS || !NAME.test(cell)) return false
  return cell.split(' ').length <= MAX_NAME_WORDS && !isValue(cell)
}

export function isCounter(name: string): boolean {
  const { kind } = fieldOf(name)
  return kind === 'step' || kind === 'epoch'
}

export function hasRole(name: string): boolean {
  const field = fieldOf(name)
  return field.kind === 'metric' && field.role !== 'other'
}

export function isRow(cells: readonly string[]): boolean {
  return cells.every(isValue) && !cells.every(isMissing)
}

function isValue(cell: string): boolean {
  return isMissing(cell) || parseNumber(cell) !== null
}

function isMissing(cell: string): boolean {
  return cell === '' || (cell.length <= 4 && MISSING.has(cell.toLowerCase()))
}

/** Whether a line with this first cell reads like words of the job: a row begins with a number, a time, or nothing. */
function isProse(first: string): boolean {
  return !isValue(first) && (/^[A-Za-z]/.test(first) || isoTime(first) === null)
}

/** A line of words among the rows is a new header only if it counts steps, or has a name of the old one. */
function isNext(header: Header, before: Header): boolean {
  const known = new Set(before.names)
  return header.names.some((name) => isCounter(name) || known.has(name))
}

function rowResult(cells: readonly string[], offset: number, { row, ...header }: NonNullable<CsvState>): ParseResult {
  const names = namesOver(cells, header)
  if (names === null) {
    // Columns of spaces are also what prose looks like, and a table that is drawn has lines between its rows.
    if (header.separator === ' ' || header.separator === '|') return SKIP
    const detail = `${cells.length} cells under a header of ${header.names.length}`
    return { kind: 'reject', reason: 'broken-row', detail, isProse: isProse(cells[0] ?? '') }
  }
  const builder = new RecordBuilder()
  for (const [column, cell] of cells.entries()) {
    const name = names[column]!
    if (isMissing(cell)) builder.addBlank(name)
    else if (name !== '') builder.addText(name, cell)
  }
  if (row !== null) builder.step = row
  const record = builder.record(offset)
  return recordsOf(record === null ? [] : [record], builder.unread)
}

const QUOTE = 0x22
