import { isFinite } from '../../protocol/value.ts'
import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { fieldOf } from '../records/fields.ts'
import { type Claim, type Format, type LogRecord, type Parsed, recordsOf, SKIP } from '../records/format.ts'
import { RecordBuilder } from '../records/record-builder.ts'

/** The newest headers, the epoch that runs, and the newest row of it that has not been told. */
export type HeadedState = {
  readonly names: readonly string[]
  /** The names of the table of a validation, above its first row. */
  readonly measures: readonly string[]
  readonly epoch: number | null
  /** The names under which a value that is not finite has been told in this epoch. */
  readonly reported: readonly string[]
  readonly waiting: { readonly offset: number; readonly text: string } | null
}

/**
 * Rows with a bar of progress at their end below a header: the training loops of YOLO, and the table of their validation.
 *
 * A bar is drawn anew with each batch and shows averages over its epoch so far, so its last state is the record of the
 * epoch. An average that is not finite any more is told at once.
 */
export const headedBars: Format<HeadedState> = {
  name: 'headed-bars',
  about:
    'A header, and below it a row that ends in a progress bar, as YOLO draws it: the last state of each epoch, and at once where it turns non-finite.',
  example:
    '  Epoch  GPU_mem  box_loss  cls_loss  Size\n    2/3    2.3G       1.25       nan   640: 100%|██████████| 95/95 [00:30<00:00,  3.1it/s]',
  maxLineBytes: TEXT_LINE_BYTES,

  claim(line, previous): Claim {
    if (previous === null || !(line.includes('%') || previous.includes('%'))) return 'no'
    const names = trainingNames(previous)
    const isRow = names.length > 0 ? rowOf(line, names) !== null : measuresOf(line, validationNames(previous)) !== null
    return isRow ? 'sure' : 'no'
  },

  start: () => ({ names: [], measures: [], epoch: null, reported: [], waiting: null }),

  parse({ text, offset }, state) {
    const names = trainingNames(text)
    if (names.length > 0) return { result: recordsOf(lastOf(state), null), state: { ...state, names, waiting: null } }
    const measures = validationNames(text)
    if (measures.length > 0)
      return { result: recordsOf(lastOf(state), null), state: { ...state, measures, waiting: null } }
    const row = rowOf(text, state.names)
    if (row !== null) return parseRow(row, text, offset, state)
    const measured = measuresOf(text, state.measures)
    if (measured === null) return { result: SKIP, state }
    measured.epoch = state.epoch
    return { result: recordsOf(recordIn(measured, offset), null), state: { ...state, measures: [] } }
  },

  finish: (state) => ({ result: recordsOf(lastOf(state), null), state: { ...state, waiting: null } }),
}

function parseRow(row: BarredRow, text: string, offset: number, state: HeadedState): Parsed<HeadedState> {
  const isSame = row.epoch === state.epoch
  const told = isSame ? state.reported : []
  const builder = builderOf(row, ({ metric, value }) => !told.includes(metric) && (row.isLast || !isFinite(value)))
  const bad = builder.scalars.filter(({ value }) => !isFinite(value)).map(({ metric }) => metric)
  return {
    result: recordsOf([...(isSame ? [] : lastOf(state)), ...recordIn(builder, offset)], null),
    state: { ...state, epoch: row.epoch, reported: [...told, ...bad], waiting: row.isLast ? null : { offset, text } },
  }
}

/** The last row of an epoch whose bar never came to its end. */
function lastOf({ waiting, names, reported }: HeadedState): readonly LogRecord[] {
  const row = waiting === null ? null : rowOf(waiting.text, names)
  return row === null
    ? []
    : recordIn(
        builderOf(row, ({ metric }) => !reported.includes(metric)),
        waiting!.offset,
      )
}

function recordIn(builder: RecordBuilder, offset: number): readonly LogRecord[] {
  const record = builder.record(offset)
  return record === null ? [] : [record]
}

const MAX_ROW_CHARS = 1024
const MAX_COLUMNS = 32
/** ` 45%|████ `, and ` 45% ━━━━ ` of newer bars. */
const BAR = /:? {1,12}\d{1,3}% ?[|━─╸╺]/
const NAME = /^[A-Za-z_][\w@.:()/-]*$/
/** `9.02G`, `640`, `nan`: what stands in the cell of a row. */
const MEASURED = /^\d[\d.]*[A-Za-z%]{1,3}$/
const SIZES = new Set(['images', 'instances', 'labels', 'targets', 'size', 'img_size'])
/** Parts of a loss that are called by their object only. */
const PARTS = new Set(['box', 'obj', 'cls', 'dfl', 'giou', 'seg'])

interface BarredRow {
  readonly epoch: number
  readonly cells: readonly (readonly [name: string, text: string])[]
  /** Whether the bar has come to its end. */
  readonly isLast: boolean
}

/** The names of a header that begins with an epoch; none where the line is no such header. */
function trainingNames(line: string): readonly string[] {
  const words = wordsOf(line)
  return words.length > 2 && fieldOf(words[0]!).kind === 'epoch' && words.every((word) => NAME.test(word)) ? words : []
}

/** The names of a header that has a bar itself, `Class  Images  Box(P  R  mAP50): 100%|███`: those in brackets belong together. */
function validationNames(line: string): readonly string[] {
  const bar = line.length > MAX_ROW_CHARS ? null : BAR.exec(line)
  const words = bar === null ? [] : wordsOf(line.slice(0, bar.index))
  // Words of prose have one blank between them, and columns have more.
  if (
    words.length < 3 ||
    line.trim().split(/ {2,}/, 3).length < 3 ||
    !words.every((word) => NAME.test(word) || word.startsWith('mAP'))
  )
    return []
  let group = ''
  return words.map((word) => {
    const [outer, inner] = word.includes('(') ? word.split('(', 2) : [group, word]
    group = word.endsWith(')') ? '' : outer!
    const name = inner!.replace(/[):]+$/, '')
    return outer === '' ? name : `${outer}/${name}`
  })
}

/** A row of `2/3` or `2`, of as many cells as there are names, and of a bar. */
function rowOf(line: string, names: readonly string[]): BarredRow | null {
  const bar = names.length === 0 || line.length > MAX_ROW_CHARS ? null : BAR.exec(line)
  if (bar === null) return null
  const cells = wordsOf(line.slice(0, bar.index))
  const [first = '', ...rest] = cells
  if (cells.length !== names.length || !/^\d{1,9}(?:\/\d{1,9})?$/.test(first)) return null
  if (!rest.every((cell) => parseNumber(cell) !== null || MEASURED.test(cell))) return null
  const count = /(\d{1,12})\/(\d{1,12})/.exec(line.slice(bar.index + bar[0].length))
  return {
    epoch: Number.parseInt(first, 10),
    cells: rest.map((cell, column) => [names[column + 1]!, cell]),
    isLast: count !== null && count[1] === count[2],
  }
}

function builderOf(
  { epoch, cells }: BarredRow,
  isTold: (scalar: RecordBuilder['scalars'][number]) => boolean,
): RecordBuilder {
  const all = new RecordBuilder()
  for (const [name, text] of cells) {
    if (!SIZES.has(name.toLowerCase())) all.addText(PARTS.has(name) ? `${name}_loss` : name, text)
  }
  const builder = new RecordBuilder()
  builder.epoch = epoch
  builder.scalars.push(...all.scalars.filter(isTold))
  return builder
}

/** What a row of a validation says: of all classes the first row does, which has no number in its name. */
function measuresOf(line: string, names: readonly string[]): RecordBuilder | null {
  if (names.length === 0 || line.length > MAX_ROW_CHARS) return null
  const [first = '', ...cells] = wordsOf(line)
  if (cells.length !== names.length - 1 || !/^[A-Za-z]/.test(first)) return null
  const builder = new RecordBuilder()
  for (const [column, cell] of cells.entries()) {
    const name = names[column + 1]!
    const number = parseNumber(cell)
    if (number === null) return null
    if (!SIZES.has(name.toLowerCase())) builder.add(name, number.value, number.raw, number.zeroDecimals)
  }
  return builder
}

function wordsOf(line: string): readonly string[] {
  return line.length > MAX_ROW_CHARS ? [] : line.trim().split(/\s+/, MAX_COLUMNS + 1)
}
