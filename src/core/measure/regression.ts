import type { PredictionBatch } from './prediction-batch.ts'

/**
 * Whether the batch is one of a regression, as far as its numbers show: no name says that its predictions are
 * probabilities or logits, and its targets are no classes. A cross-entropy of it says nothing.
 */
export function isOfRegression({ isKindGuessed, k, values, labels }: PredictionBatch): boolean {
  if (isKindGuessed !== true || (k > 1 && labels.kind === 'hard')) return false
  const targets = labels.kind === 'hard' ? labels.classes : labels.targets
  if (!targets.some(isOutside)) return false
  return values.some(isOutside) || targets.some((target) => isOutside(target) && !Number.isInteger(target))
}

function isOutside(value: number): boolean {
  return value < 0 || value > 1
}
