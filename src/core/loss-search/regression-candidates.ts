import { CAUSE } from '../causes/index.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { isOfRegression } from '../measure/regression.ts'
import type { LossCandidate } from './candidate.ts'

/** Losses of the distance between a number and its target: a name, and what a distance costs. */
const ERRORS: readonly (readonly [name: string, of: (distance: number) => number])[] = [
  ['squared error', (distance) => distance ** 2],
  ['half of the squared error', (distance) => distance ** 2 / 2],
  ['absolute error', Math.abs],
  ['Huber loss', (distance) => (Math.abs(distance) < 1 ? distance ** 2 / 2 : Math.abs(distance) - 0.5)],
  ['log cosh', (distance) => Math.abs(distance) + Math.log1p(Math.exp(-2 * Math.abs(distance))) - Math.LN2],
]
/** The pairs of a larger batch are too many to be tried. */
const MOST_ROWS = 1024

/**
 * The errors of numbers that are no probabilities, each guess beside its own target, and beside all of them: R35.
 *
 * Shapes [N, 1] and [N] make N × N pairs of the one column, and the mean of those.
 */
export function regressionCandidates(batch: PredictionBatch): LossCandidate[] {
  const { n, k, kind, values, labels } = batch
  const isOne = k === 1 && n > 1 && n <= MOST_ROWS
  if (!isOne || (kind !== 'logits' && !isOfRegression(batch))) return []
  const targets = labels.kind === 'hard' ? labels.classes : labels.targets
  if (targets.some((target) => !Number.isFinite(target)) || values.some((value) => !Number.isFinite(value))) return []
  return ERRORS.flatMap(([name, of]) => {
    let [own, all] = [0, 0]
    for (let i = 0; i < n; i++) {
      own += of(values[i]! - targets[i]!)
      for (let j = 0; j < n; j++) all += of(values[i]! - targets[j]!)
    }
    const [mean, meanOfAll] = [own / n, all / n / n]
    const each = 'of each guess and each label'
    const broadcast = { code: CAUSE.broadcast, occurs: 'always', needsDigits: true } as const
    return [
      { key: `${name} of the numbers`, code: null, value: mean, prior: 0.1, occurs: 'always', needsDigits: true },
      { ...broadcast, key: `${name} ${each}, as numbers`, value: meanOfAll, prior: 0.2 },
      ...(name === 'squared error'
        ? [
            {
              key: 'root of it',
              code: null,
              value: Math.sqrt(mean),
              prior: 0.05,
              occurs: 'always',
              needsDigits: true,
            } as const,
            { ...broadcast, key: `root of the ${name} ${each}, as numbers`, value: Math.sqrt(meanOfAll), prior: 0.05 },
          ]
        : []),
    ] as const satisfies readonly LossCandidate[]
  })
}
