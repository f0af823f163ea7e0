import { metricValue } from '../../protocol/value.ts'
import { edgeTolerance, Guess } from './guess.ts'
import type { PredictionBatch, WorstRow } from './prediction-batch.ts'
import { Truth } from './truth.ts'

const MAX_ROWS = 8

/** Keeps the rows with the largest losses, the largest first, and of equal ones the earlier. */
export class WorstRows {
  readonly #kept: { readonly row: number; readonly loss: number }[] = []

  /** A loss of NaN is none. */
  add(row: number, loss: number): void {
    const kept = this.#kept
    if (kept.length === MAX_ROWS && !(loss > kept[MAX_ROWS - 1]!.loss)) return
    if (Number.isNaN(loss)) return
    let at = kept.length
    while (at > 0 && loss > kept[at - 1]!.loss) at--
    kept.splice(at, 0, { row, loss })
    if (kept.length > MAX_ROWS) kept.pop()
  }

  /** What those rows hold, and the gradients of both losses there: `batch` is read again. */
  describe(batch: PredictionBatch): WorstRow[] {
    const guess = new Guess(batch.kind, batch.k, edgeTolerance(batch.dtype))
    const truth = new Truth(batch.labels, batch.k, guess.row.weights)
    return this.#kept.map(({ row, loss }) => {
      guess.read(batch.values, row * batch.k)
      truth.read(row)
      const gradients = batch.k === 1 ? gradientsOfColumn(guess, truth) : gradientsOfClass(guess, truth)
      return {
        row,
        loss: metricValue(loss),
        label: truth.top,
        guess: guess.top < 0 ? null : guess.top,
        trueProbability: metricValue(guess.p[truth.top]!),
        // A −0 would be stored as 0: adding 0 makes it one.
        crossEntropyGradient: metricValue(gradients.crossEntropy + 0),
        squaredErrorGradient: metricValue(gradients.squaredError + 0),
      }
    })
  }
}

interface Gradients {
  readonly crossEntropy: number
  readonly squaredError: number
}

/** p − y and 2 (p − y) p (1 − p), as (1 − y) p − y (1 − p), where neither product cancels. */
function gradientsOfColumn({ p }: Guess, { weights }: Truth): Gradients {
  const difference = weights[0]! * p[1]! - weights[1]! * p[0]!
  return { crossEntropy: difference, squaredError: 2 * difference * p[1]! * p[0]! }
}

/**
 * With respect to the logit of the truth's largest class, through softmax.
 *
 * Cross-entropy: p Σt − t, here (Σt − t) p − t (1 − p). Squared error: the sum
 * over classes j of 2 (pⱼ − tⱼ) times the softmax's own slope, pⱼ (δ − p).
 */
function gradientsOfClass(guess: Guess, { weights, top }: Truth): Gradients {
  const { p } = guess
  let totalWeight = 0
  let others = 0
  let rest = 0
  for (let j = 0; j < p.length; j++) {
    totalWeight += weights[j]!
    if (j === top) continue
    rest += p[j]!
    others += p[j]! * (p[j]! - weights[j]!)
  }
  // What is left of 1 for the other classes, to full precision where the true class has almost all of it.
  const own = p[top]!
  const crossEntropy = (totalWeight - weights[top]!) * own - weights[top]! * rest
  const miss = weights[top] === 1 ? -rest : own - weights[top]!
  return { crossEntropy, squaredError: 2 * own * (miss * rest - others) }
}
