import type { MetricValue } from '../../protocol/value.ts'
import { Guess } from '../measure/guess.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import type { Difference } from './likelihood.ts'
import type { RatedCandidate } from './search-result.ts'

/** So many of the commonest labels of a batch are tried, and 0, by which most vocabularies pad. */
const MOST_LABELS = 8
const COMMON_PAD = 0
/** Between two classes a label that is left out would leave nothing to learn. */
const LEAST_CLASSES = 3
/** By so many batches a label is known to be left out. */
const LEAST_BATCHES = 4
/** How far a loss may be from the mean without a label, as a share of it, and of its distance to the mean of all rows. */
const RESIDUAL = 1e-3
const SHARE_OF_DISTANCE = 1 / 20

/** What a batch costs in the mean without the rows of one label, for its commonest labels. */
export function meansWithout({ n, k, kind, values, labels }: PredictionBatch): NonNullable<Difference['without']> {
  if (labels.kind === 'soft' || k < LEAST_CLASSES) return []
  const guess = new Guess(kind, k)
  const costs = new Map<number, { rows: number; sum: number }>()
  const all = { rows: 0, sum: 0 }
  for (let i = 0; i < n; i++) {
    const label = labels.classes[i]!
    if (guess.p[label] === undefined) continue
    guess.read(values, i * k)
    const cost = -guess.logOf(label)
    const ofLabel = costs.get(label) ?? { rows: 0, sum: 0 }
    costs.set(label, { rows: ofLabel.rows + 1, sum: ofLabel.sum + cost })
    all.rows += 1
    all.sum += cost
  }
  const commonest = [...costs].sort(([, a], [, b]) => b.rows - a.rows)
  const tried = commonest.filter(([label], at) => at < MOST_LABELS || label === COMMON_PAD)
  return tried.flatMap(([label, { rows, sum }]) =>
    rows === all.rows ? [] : [[label, (all.sum - sum) / (all.rows - rows)] as const],
  )
}

/** The class whose rows the losses of all these batches leave out, as `ignore_index=0` does; null where there is none, or nobody can tell. */
export function leftOutLabel(differences: readonly Difference[]): number | null {
  if (differences.length < LEAST_BATCHES) return null
  const tried = (differences[0]?.without ?? []).map(([label]) => label)
  const fitting = tried.filter((label) => differences.every((one) => isMeanWithout(label, one)))
  return fitting.length === 1 ? fitting[0]! : null
}

/** The right loss of a job that leaves a label out. */
export function meanWithoutLabel(value: MetricValue): RatedCandidate {
  return { code: null, key: 'mean without the rows of one label', value, weight: 1 }
}

function isMeanWithout(label: number, { reported, mean, without = [] }: Difference): boolean {
  const found = without.find(([one]) => one === label)
  if (found === undefined) return false
  const apart = Math.abs(found[1] - reported)
  return apart <= RESIDUAL * Math.abs(reported) && apart <= SHARE_OF_DISTANCE * Math.abs(mean - reported)
}
