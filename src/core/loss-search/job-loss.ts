import type { Dtype } from '../kernels/float-type.ts'
import { binaryCrossEntropyOfLogitNats } from '../measure/cross-entropy.ts'
import { Guess } from '../measure/guess.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { CompensatedSum } from '../measure/sum.ts'
import { type Guard, guardedLogs } from './loss-guard.ts'
import type { Terms } from './terms.ts'

/**
 * How a loss selects the true class.
 *
 * `gather` takes the logarithm of that class alone. `multiply` adds t · ln p over
 * all classes, and 0 · ln 0 is NaN there.
 */
export type Form = 'gather' | 'multiply'

/** The sum of a batch's losses as the job computes it, NaN and Infinity included, in nats. */
export function jobLossSum(terms: Terms, guard: Guard, form: Form, dtype: Dtype): number {
  const { weights, probabilities, isBinary, lowestOffTruth } = terms
  const { ofP, ofRest } = guardedLogs(guard, dtype)
  const sum = new CompensatedSum()
  const times = (weight: number, log: (p: number) => number, p: number) =>
    weight === 0 && form === 'gather' ? 0 : weight * log(p)
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!
    const p = probabilities[i]!
    sum.add(0 - times(weight, ofP, p) - (isBinary ? times(1 - weight, ofRest, p) : 0))
  }
  // The class with the smallest probability stands for all without weight: 0 times a finite logarithm adds nothing.
  if (form === 'multiply' && lowestOffTruth !== Infinity) sum.add(0 - 0 * ofP(lowestOffTruth))
  return sum.total
}

/** The sum of the losses if the logged numbers are taken for logits, in float64. For probabilities that is a softmax of a softmax. */
export function lossSumOfLogits(batch: PredictionBatch, isBinary = batch.k === 1): number {
  const { n, k, values, labels } = batch
  const guess = new Guess('logits', k)
  const sum = new CompensatedSum()
  for (let i = 0; i < n; i++) {
    if (!isBinary) guess.read(values, i * k)
    for (let j = 0; j < k; j++) {
      const label = labels.kind === 'soft' ? labels.targets[i * k + j]! : labels.classes[i]!
      if (label === -100) continue
      if (isBinary) sum.add(binaryCrossEntropyOfLogitNats(label, values[i * k + j]!))
      else if (labels.kind === 'soft') sum.add(label === 0 ? 0 : 0 - label * guess.logP[j]!)
      else if (label === j) sum.add(0 - guess.logP[j]!)
    }
  }
  return sum.total
}
