import { CAUSE } from '../causes/index.ts'
import { binaryCrossEntropyOfLogitNats } from '../measure/cross-entropy.ts'
import { Guess } from '../measure/guess.ts'
import { sigmoid } from '../measure/logistic.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { rowWeight } from '../measure/row-weight.ts'
import { Truth } from '../measure/truth.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'

/** What the rows of a batch cost where their probabilities are taken for logits. In nats, in float64. */
interface TwiceSums {
  readonly rows: number
  readonly loss: number
  /** Of a sigmoid of each class, the same; 0 for one column. */
  readonly ofEachClass: number
  /** Σ w l and Σ w, by the weights in the record; null without any. */
  readonly weighted: { readonly loss: number; readonly total: number } | null
  /** The sums of each class, for labels that are classes. */
  readonly byClass: readonly number[]
}

/** The sums of a softmax too many, whatever was logged before it. */
export function twiceSums({ n, k, kind, values, labels, weights }: PredictionBatch): TwiceSums {
  const guess = new Guess(kind, k)
  const truth = new Truth(labels, k, guess.row.weights)
  const byClass = new Array<number>(guess.p.length).fill(0)
  const weighted = { loss: 0, total: 0 }
  let [rows, loss, ofEachClass] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    guess.read(values, i * k)
    if (truth.read(i) !== 'given') continue
    rows += 1
    const cost =
      k === 1 ? binaryCrossEntropyOfLogitNats(truth.weights[1]!, guess.p[1]!) : costOf(guess.p, truth.weights)
    loss += cost
    if (truth.isOneHot) byClass[truth.top]! += cost
    if (k > 1 && kind === 'logits')
      for (let c = 0; c < k; c++)
        ofEachClass += binaryCrossEntropyOfLogitNats(truth.weights[c]!, sigmoid(values[i * k + c]!))
    if (weights === undefined) continue
    const weight = rowWeight(weights, i, truth.top)
    weighted.total += weight
    if (weight !== 0) weighted.loss += weight * cost
  }
  return { rows, loss, ofEachClass, weighted: weights === undefined ? null : weighted, byClass }
}

/** −Σ t ln softmax(p). The exponentials of probabilities do not overflow. */
function costOf(p: ArrayLike<number>, targets: ArrayLike<number>): number {
  let [exponentials, share, hit] = [0, 0, 0]
  for (let c = 0; c < p.length; c++) {
    exponentials += Math.exp(p[c]!)
    share += targets[c]!
    hit += targets[c]! * p[c]!
  }
  return share * Math.log(exponentials) - hit
}

/** R14 where what was logged is no probability yet, and where the rows have weights. */
export function doubleSoftmaxCandidates({ batch, measure }: SearchedBatch): LossCandidate[] {
  const isProbable = batch.kind === 'probs'
  if (measure.outOfRange.count > 0 || (isProbable && batch.weights === undefined)) return []
  const { rows, loss, ofEachClass, weighted } = twiceSums(batch)
  const named = { code: CAUSE.doubleSoftmax, occurs: 'always', needsDigits: true } as const
  return [
    ...(isProbable
      ? []
      : [
          {
            ...named,
            key: 'softmax of the softmax of what is logged',
            value: loss / rows,
            prior: 0.4,
            isLinear: true as const,
          },
        ]),
    ...(ofEachClass > 0
      ? [{ ...named, key: 'sigmoid of the sigmoid of each logit', value: ofEachClass / rows / batch.k, prior: 0.1 }]
      : []),
    ...(weighted === null
      ? []
      : [
          {
            ...named,
            key: 'a softmax too many, by the weights of the record',
            value: weighted.loss / weighted.total,
            prior: 0.3,
          },
          {
            ...named,
            key: 'a softmax too many, by the weights of the record, over all rows',
            value: weighted.loss / rows,
            prior: 0.2,
          },
        ]),
  ]
}
