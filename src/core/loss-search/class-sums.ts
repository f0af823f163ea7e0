import { Guess } from '../measure/guess.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import type { Difference } from './likelihood.ts'

/** A batch with more classes is kept without the sums of each class. */
const MAX_CLASSES = 8

/** How many rows each class has; empty for many classes, and for labels that are distributions. */
export function classCounts({ k, labels }: PredictionBatch): readonly number[] {
  const classes = Math.max(k, 2)
  if (labels.kind === 'soft' || classes > MAX_CLASSES) return []
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels.classes) if (counts[label] !== undefined) counts[label]! += 1
  return counts
}

/** The losses of each class, for few classes and labels that are classes. */
export function classSums(batch: PredictionBatch): Pick<Difference, 'sums' | 'counts' | 'uniforms'> {
  const { n, k, values, labels, kind } = batch
  const classes = Math.max(k, 2)
  if (labels.kind === 'soft' || classes > MAX_CLASSES) return { sums: [], counts: [], uniforms: [] }
  const sums = new Array<number>(classes).fill(0)
  const uniforms = new Array<number>(classes).fill(0)
  const guess = new Guess(kind, k)
  for (let i = 0; i < n; i++) {
    const label = labels.classes[i]!
    if (sums[label] === undefined) continue
    guess.read(values, i * k)
    const { logP } = guess
    sums[label]! -= logP[label]!
    for (let c = 0; c < classes; c++) uniforms[c]! -= logP[c]! / classes
  }
  // A loss of smoothed labels is infinite where any class has a probability of 0.
  return { sums, counts: classCounts(batch), uniforms: uniforms.every(Number.isFinite) ? uniforms : [] }
}
