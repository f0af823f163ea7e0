import { toNumber } from '../../protocol/value.ts'
import { Guess } from '../measure/guess.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import type { SearchedBatch } from './candidate.ts'
import { uniformLoss } from './candidates.ts'
import type { Difference } from './likelihood.ts'

/** A batch with more classes is kept without the sums of each class. */
const MAX_CLASSES = 8

/** The numbers by which a batch is compared with others; null where its recomputed loss is not finite. */
export function differenceOf(subject: SearchedBatch, reported: number): Difference | null {
  const { batch, measure } = subject
  const mean = toNumber(measure.crossEntropy)
  if (!Number.isFinite(mean)) return null
  const uniform = uniformLoss(subject)
  return {
    reported,
    mean,
    uniform: Number.isFinite(uniform) ? uniform : null,
    rows: measure.used,
    ...byClass(batch),
  }
}

function byClass({ n, k, values, labels, kind }: PredictionBatch): Pick<Difference, 'sums' | 'counts'> {
  const classes = Math.max(k, 2)
  if (labels.kind === 'soft' || classes > MAX_CLASSES) return { sums: [], counts: [] }
  const sums = new Array<number>(classes).fill(0)
  const counts = new Array<number>(classes).fill(0)
  const guess = new Guess(kind, k)
  for (let i = 0; i < n; i++) {
    const label = labels.classes[i]!
    if (sums[label] === undefined) continue
    guess.read(values, i * k)
    sums[label]! -= guess.logP[label]!
    counts[label]! += 1
  }
  return { sums, counts }
}
