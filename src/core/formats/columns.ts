import type { Role } from '../../protocol/sample.ts'
import { parseNumber } from '../literals/number.ts'
import { TEXT_LINE_BYTES } from '../reading/lines.ts'
import { phaseOf } from '../records/fields.ts'
import { type Claim, type Format, type Scalar, SKIP } from '../records/format.ts'

/** What the file's name says of its numbers, and how many rows were read. */
export type ColumnsState = {
  readonly metric: string
  readonly role: Role
  /** Whether the name says that these are losses, accuracies or predictions; other files of numbers are data. */
  readonly isNamed: boolean
  readonly rows: number
}

/** Bare numbers in a file that is named after them: `losses.txt`, `val_loss.dat`, `test.predict`. */
export const columns: Format<ColumnsState> = {
  name: 'columns',
  about: 'A column of numbers without a header, or a step and a number, in a file whose name says what they are.',
  example: '120 0.4231',
  maxLineBytes: TEXT_LINE_BYTES,

  claim: (line, _previous, path = ''): Claim => (rowOf(line) !== null && meaningOf(path).isNamed ? 'sure' : 'no'),

  start: (path = '') => ({ ...meaningOf(path), rows: 0 }),

  parse(line, state) {
    const row = state.isNamed ? rowOf(line.text) : null
    const number = row === null ? null : parseNumber(row.value)
    if (row === null || number === null) return { result: SKIP, state }
    const { metric, role, rows } = state
    const scalar: Scalar = { metric, role, ...number }
    const step = row.step ?? rows
    const record = { kind: 'scalars', offset: line.offset, step, epoch: null, time: null, scalars: [scalar] } as const
    return { result: { kind: 'records', records: [record] }, state: { ...state, rows: rows + 1 } }
  },
}

const MAX_ROW_CHARS = 160
const COUNTER = /^\d{1,15}$/
/** Vowpal Wabbit writes the tag of the example behind its prediction. */
const TAG = /^[A-Za-z_][\w/.:-]{0,100}$/

function rowOf(text: string): { readonly step: number | null; readonly value: string } | null {
  if (text.length > MAX_ROW_CHARS) return null
  const [first = '', second, ...more] = text.trim().split(/[\s,;]+/)
  if (more.length > 0 || first === '') return null
  if (second === undefined || (TAG.test(second) && parseNumber(second) === null)) {
    return parseNumber(first) === null ? null : { step: null, value: first }
  }
  return COUNTER.test(first) && parseNumber(second) !== null ? { step: Number(first), value: second } : null
}

function meaningOf(path: string): Omit<ColumnsState, 'rows'> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const metric = name.replace(/\.[A-Za-z]{1,12}$/, '')
  const words = name.toLowerCase().split(/[^a-z]+/)
  const has = (...wanted: string[]) => wanted.some((word) => words.includes(word))
  // Vowpal Wabbit names its predictions after the loss that it was trained with.
  const isPrediction = has('predict', 'prediction', 'predictions')
  const isLoss = !isPrediction && has('loss', 'losses', 'nll', 'logloss')
  const isAccuracy = !isPrediction && has('acc', 'accs', 'accuracy', 'accuracies')
  const loss = phaseOf(metric) === 'validation' ? 'val_loss' : 'train_loss'
  const role = isLoss ? loss : isAccuracy ? 'accuracy' : 'other'
  return { metric, role, isNamed: isLoss || isAccuracy || isPrediction }
}
