import { isFinite } from '../../protocol/value.ts'
import { CLIP_CONSTANTS } from './clip-constants.ts'
import type { PredictionBatch } from './prediction-batch.ts'

/** The batches of a file while each is a column of nothing but ones; plain JSON. */
export type ColumnsOfOnes = {
  readonly batches: number
  readonly rows: number
  /** Whether a label was 1, and whether one was 0. */
  readonly hasRight: boolean
  readonly hasWrong: boolean
  /** What each wrong row cost, the same in all batches; null where none had a loss. */
  readonly wrongCost: number | null
}

const NONE: ColumnsOfOnes = { batches: 0, rows: 0, hasRight: false, hasWrong: false, wrongCost: null }

/** How far two costs may be from each other, as a share and in nats. */
const SAME_SHARE = 1e-3
const SAME_COST = 1e-5
/** So many rows from the first batch on are no chance: before it has learned a sigmoid is 1 in none. */
const ENOUGH_ROWS = 8
/** Of guessed classes so many batches. */
const ENOUGH = 3
/** The same where a wrong row costs what it may cost a job with another error. */
const ENOUGH_OF_ANY = 10

/** The columns after one more batch; null once one is none, or costs another loss. */
export function afterColumn(before: ColumnsOfOnes | undefined, batch: PredictionBatch): ColumnsOfOnes | null {
  const { k, n, labels, values, reportedLoss } = batch
  if (k !== 1 || labels.kind === 'soft' || !values.every((value) => value === 1)) return null
  const right = labels.classes.filter((label) => label === 1).length
  const wrong = labels.classes.filter((label) => label === 0).length
  const { batches, rows, hasRight, hasWrong, wrongCost } = before ?? NONE
  const hasCost = reportedLoss !== null && isFinite(reportedLoss) && wrong > 0
  const cost = hasCost ? (reportedLoss * n) / wrong : wrongCost
  if (cost !== null && wrongCost !== null && !isNear(cost, wrongCost)) return null
  return {
    batches: batches + 1,
    rows: rows + n,
    hasRight: hasRight || right > 0,
    hasWrong: hasWrong || wrong > 0,
    wrongCost: wrongCost ?? cost,
  }
}

/**
 * Whether the columns are those of a softmax over one unit, which is 1 for any input.
 *
 * Whole numbers may be guessed classes, of a model that says yes to all. There a wrong row must cost, in each batch, what one
 * with a probability of 1 costs: the constant of a clip, or for long 1 (a squared error) or nothing (a categorical loss).
 */
export function areOfOneUnit(columns: ColumnsOfOnes | null | undefined, mayBeClasses: boolean): boolean {
  if (columns == null || !columns.hasRight || !columns.hasWrong) return false
  const { batches, rows, wrongCost } = columns
  if (!mayBeClasses) return rows >= ENOUGH_ROWS
  if (wrongCost === null) return false
  if (CLIP_CONSTANTS.some(({ nats }) => isNear(wrongCost, nats))) return batches >= ENOUGH
  return [0, 1].some((cost) => isNear(wrongCost, cost)) && batches >= ENOUGH_OF_ANY
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= SAME_COST + SAME_SHARE * Math.abs(other)
}
