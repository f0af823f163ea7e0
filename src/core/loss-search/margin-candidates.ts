import type { PredictionBatch } from '../measure/prediction-batch.ts'
import type { LossCandidate } from './candidate.ts'

/** Losses of the margin m = y · z of labels that are −1 and 1: a name, and what a row costs. */
const MARGIN_LOSSES: readonly (readonly [name: string, ofMargin: (margin: number) => number])[] = [
  ['soft margin', (margin) => Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin)],
  ['hinge', (margin) => Math.max(0, 1 - margin)],
  ['squared hinge', (margin) => Math.max(0, 1 - margin) ** 2],
]

/** The labels −1 and 1 of a loss of margins are right; null where they are none. */
export function marginLabels({ k, labels }: PredictionBatch): ArrayLike<number> | null {
  const signs = labels.kind === 'hard' ? labels.classes : labels.targets
  return k === 1 && signs.every((sign) => sign === 1 || sign === -1) ? signs : null
}

/** The losses of margins, where the labels are those of one. */
export function marginCandidates(batch: PredictionBatch): LossCandidate[] {
  const signs = marginLabels(batch)
  if (signs === null || batch.kind !== 'logits') return []
  return MARGIN_LOSSES.map(([key, ofMargin]): LossCandidate => {
    let sum = 0
    for (let i = 0; i < batch.n; i++) sum += ofMargin(signs[i]! * batch.values[i]!)
    return { key, code: null, value: sum / batch.n, prior: 0.5, occurs: 'always' }
  })
}
