import { fieldOf, isLossRole } from '../../records/fields.ts'
import { kindOfName, LABELS, type NamedKind } from '../../records/prediction-fields.ts'
import { type ClassColumns, classColumns, classIndex, truthColumns } from './class-columns.ts'
import type { PredictionArrays } from './prediction-record.ts'

/** Which columns of a table hold the samples of a model: a row is one. */
export type PredictionColumns = {
  /** Null for a table of guesses without the truth, of which no loss can be told. */
  readonly label: number | null
  /** The columns of the truth of each class where there is one for each; else null, and in states of earlier versions not there. */
  readonly truths?: readonly number[] | null
  /** One column for each class, or null where a single one holds the probability of class 1. */
  readonly classes: ClassColumns | null
  readonly guess: number
  readonly kind: NamedKind
  readonly step: number | null
  readonly epoch: number | null
  readonly loss: number | null
  /** How sure the model was of the class it guessed; null in a table that has the guesses themselves. */
  readonly confidence: number | null
}

/** Names of one column with the probability of class 1, beside those that predictions have anywhere. */
const GUESSES: ReadonlyMap<string, NamedKind> = new Map<string, NamedKind>([
  ['guess', 'score'],
  ['score', 'score'],
  ['probability', 'probs'],
  ['pred_prob', 'probs'],
  ['prob_1', 'probs'],
  ['p1', 'probs'],
])
/** Columns that hold a guessed class, or how sure the model was of it: nothing of the other classes. */
const HARD_GUESSES = ['pred_label', 'predicted_label', 'pred_class', 'predicted_class', 'predicted']

/** The truth of one class of several, whatever the class is called. */
const NUMBERED_TRUTH = /^(?:labels?|targets?|true|truth|y|gold)./

/** The columns of predictions by the names in a header; null for a table of another kind. */
export function predictionColumns(names: readonly string[]): PredictionColumns | null {
  const lower = names.map((name) => name.toLowerCase())
  const label = columnOf(lower, LABELS)
  // Nearly every table has neither, and its other names need not be understood.
  const isGuessed = lower.includes('confidence') && lower.some((name) => HARD_GUESSES.includes(name))
  const mayHaveTruths = lower.some((name) => NUMBERED_TRUTH.test(name))
  if (label === null && !isGuessed && !mayHaveTruths) return null
  const classes = classColumns(names)
  const guess = lower.findIndex((name) => GUESSES.has(name) || kindOfName(name) !== undefined)
  const counters = {
    step: columnWhere(names, (name) => fieldOf(name).kind === 'step'),
    epoch: columnWhere(names, (name) => fieldOf(name).kind === 'epoch'),
    loss: columnWhere(names, isLoss),
    confidence: null,
  }
  if (label !== null && classes !== null) return { label, classes, guess: -1, kind: classes.kind, ...counters }
  const truths = classes === null ? null : truthColumns(names, classes)
  if (classes !== null && truths !== null) return { label, truths, classes, guess: -1, kind: classes.kind, ...counters }
  if (label !== null && guess >= 0) {
    const kind = GUESSES.get(lower[guess]!) ?? kindOfName(lower[guess]!) ?? null
    return { label, classes: null, guess, kind, ...counters }
  }
  const confidence = columnOf(lower, ['confidence'])
  return isGuessed && confidence !== null
    ? { label: null, classes: null, guess: -1, kind: null, ...counters, confidence }
    : null
}

/** The sample in a row; null for one whose label or whose guesses are no numbers. */
export function sampleInRow(columns: PredictionColumns, cells: readonly string[]): PredictionArrays | null {
  const { label, truths = null, classes, guess, kind } = columns
  if (truths !== null && classes !== null) return withTruths(classes, truths, cells)
  if (label === null) return null
  const indices = classes?.columns ?? [guess]
  const values = Float64Array.from(indices, (column) => numberIn(cells[column]!))
  const truth = classes === null ? labelIn(cells[label]!) : classIndex(classes, cells[label]!)
  if (truth === null || indices.some((column) => isWord(cells[column]!))) return null
  // A whole number beyond 1 is no probability, and no logit that a model would give: it is a class.
  if (
    classes === null &&
    (kind === null || kind === 'score') &&
    Number.isInteger(values[0]) &&
    Math.abs(values[0]!) > 1
  )
    return null
  const isSoft = classes === null && !Number.isInteger(truth) && !Number.isNaN(truth)
  const labels = isSoft
    ? ({ kind: 'soft', targets: Float64Array.of(truth) } as const)
    : ({ kind: 'hard', classes: Float64Array.of(truth) } as const)
  return { kind, dtype: null, n: 1, k: values.length, values, labels, epoch: null, isSample: true }
}

/** A sample with a truth of its own for each class: 0 or 1, a share of it, or a NaN. */
function withTruths(
  { kind, columns }: ClassColumns,
  truths: readonly number[],
  cells: readonly string[],
): PredictionArrays | null {
  if ([...columns, ...truths].some((column) => isWord(cells[column]!))) return null
  const values = Float64Array.from(columns, (column) => numberIn(cells[column]!))
  const targets = Float64Array.from(truths, (column) => numberIn(cells[column]!))
  const labels = { kind: 'soft', targets } as const
  return { kind, dtype: null, n: 1, k: values.length, values, labels, epoch: null, isSample: true }
}

function isLoss(name: string): boolean {
  const field = fieldOf(name)
  return field.kind === 'metric' && isLossRole(field.role)
}

function columnOf(names: readonly string[], known: readonly string[]): number | null {
  for (const name of known) {
    const column = names.indexOf(name)
    if (column >= 0) return column
  }
  return null
}

function columnWhere(names: readonly string[], holds: (name: string) => boolean): number | null {
  const column = names.findIndex(holds)
  return column < 0 ? null : column
}

function labelIn(cell: string): number | null {
  if (cell === 'True' || cell === 'true') return 1
  if (cell === 'False' || cell === 'false') return 0
  const label = numberIn(cell)
  return isWord(cell) ? null : label
}

/** What a cell says as a number; an empty one is how pandas writes NaN. */
function numberIn(cell: string): number {
  if (cell === '') return Number.NaN
  const lower = cell.toLowerCase()
  if (lower === 'inf' || lower === '+inf') return Infinity
  return lower === '-inf' ? -Infinity : Number(cell)
}

function isWord(cell: string): boolean {
  return cell !== '' && Number.isNaN(numberIn(cell)) && cell.toLowerCase() !== 'nan'
}
