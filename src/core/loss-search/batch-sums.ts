import { edgeTolerance, Guess } from '../measure/guess.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { rowWeight } from '../measure/row-weight.ts'
import { Truth } from '../measure/truth.ts'

/** The γ of focal losses, Σ −(1 − p)^γ ln p: 2 is that of its authors. */
export const GAMMAS = [0.5, 1, 1.5, 2, 3, 5] as const
/** The α of the same: what class 1 of two counts, and what class 0 does not. */
export const ALPHA = 0.25

/** The sums over a batch's rows with a label of which other losses than its cross-entropy are made. In nats, in float64. */
export interface BatchSums {
  readonly rows: number
  /** The columns of the predictions, and the classes that they stand for: two for one column. */
  readonly columns: number
  readonly classes: number
  readonly crossEntropy: number
  readonly truthEntropy: number
  /** The probability of the truth, Σ t p, and the same of the numbers as they are logged. */
  readonly trueProbability: number
  readonly trueNumber: number
  /** Σ |p − t| over all classes; one column counts as one. */
  readonly absoluteError: number
  /** For each γ the focal loss; for one column also with α. NaN where a label is no single class. */
  readonly focal: readonly number[]
  readonly balancedFocal: readonly number[]
  /** Σ t p, Σ p, Σ t, and the sums of squares, of each column; of many columns none. */
  readonly overlap: readonly Overlap[]
  /** Of one column: each guess against each label, not its own alone, as [N, 1] against [N] gives; else NaN. */
  readonly broadcast: { readonly crossEntropy: number; readonly squaredError: number }
  /** Σ w l and Σ w, by the weights in the record; null without any. */
  readonly weighted: { readonly loss: number; readonly total: number } | null
}

/** A Dice loss is one of a few classes. */
const MOST_COLUMNS = 64

/** What a Dice loss is made of. */
export interface Overlap {
  both: number
  guessed: number
  true: number
  guessedSquared: number
  trueSquared: number
}

export function batchSums(batch: PredictionBatch): BatchSums {
  const { n, k, values, weights } = batch
  const guess = new Guess(batch.kind, k, edgeTolerance(batch.dtype))
  const truth = new Truth(batch.labels, k, guess.row.weights)
  const classes = guess.p.length
  const overlap = Array.from({ length: k > MOST_COLUMNS ? 0 : k }, () => ({
    both: 0,
    guessed: 0,
    true: 0,
    guessedSquared: 0,
    trueSquared: 0,
  }))
  const focal = new Array<number>(GAMMAS.length).fill(0)
  const balancedFocal = new Array<number>(GAMMAS.length).fill(k === 1 ? 0 : NaN)
  const weighted = { loss: 0, total: 0 }
  let [rows, crossEntropy, truthEntropy, trueProbability, trueNumber, absoluteError] = [0, 0, 0, 0, 0, 0]
  let [logOfOnes, logOfZeros] = [0, 0]

  for (let i = 0; i < n; i++) {
    guess.read(values, i * k)
    if (truth.read(i) !== 'given') continue
    rows += 1
    let loss = 0
    for (let c = 0; c < classes; c++) {
      const t = truth.weights[c]!
      const p = guess.p[c]!
      if (t > 0) {
        loss -= t * guess.logOf(c)
        truthEntropy -= t * Math.log(t)
        trueProbability += t * p
        if (k > 1) trueNumber += t * values[i * k + c]!
      }
      // One column is that of class 1.
      const column = k === 1 ? c - 1 : c
      if (column >= 0 && column < overlap.length) addTo(overlap[column]!, p, t)
      if (column >= 0) absoluteError += Math.abs(p - t)
    }
    crossEntropy += loss
    const miss = truth.isOneHot ? 1 - guess.p[truth.top]! : NaN
    GAMMAS.forEach((gamma, at) => {
      const cost = miss ** gamma * loss
      focal[at]! += cost
      if (k === 1) balancedFocal[at]! += cost * (truth.top === 1 ? ALPHA : 1 - ALPHA)
    })
    if (k === 1) {
      logOfOnes += guess.logOf(1)
      logOfZeros += guess.logOf(0)
    }
    if (weights !== undefined) {
      const weight = rowWeight(weights, i, truth.top)
      weighted.total += weight
      if (weight !== 0) weighted.loss += weight * loss
    }
  }
  return {
    rows,
    columns: k,
    classes,
    crossEntropy,
    truthEntropy,
    trueProbability,
    trueNumber: k === 1 ? NaN : trueNumber,
    absoluteError,
    focal,
    balancedFocal,
    overlap,
    broadcast:
      k === 1 ? broadcastOf(overlap[0]!, rows, logOfOnes, logOfZeros) : { crossEntropy: NaN, squaredError: NaN },
    weighted: weights === undefined ? null : weighted,
  }
}

function addTo(overlap: Overlap, p: number, t: number): void {
  overlap.both += p * t
  overlap.guessed += p
  overlap.true += t
  overlap.guessedSquared += p * p
  overlap.trueSquared += t * t
}

/** The means over all pairs of a guess and a label. */
function broadcastOf(column: Overlap, rows: number, logOfOnes: number, logOfZeros: number): BatchSums['broadcast'] {
  const share = column.true / rows
  return {
    crossEntropy: -(share * logOfOnes + (1 - share) * logOfZeros) / rows,
    squaredError: column.guessedSquared / rows - 2 * (column.guessed / rows) * share + column.trueSquared / rows,
  }
}
