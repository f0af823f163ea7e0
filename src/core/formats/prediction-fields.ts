import type { PredictionKind } from '../../protocol/batch.ts'

/** What predictions go by; where a record has several, the first one in this list is read. */
const PREDICTIONS: readonly (readonly [string, PredictionKind])[] = [
  ['probs', 'probs'],
  ['probabilities', 'probs'],
  ['pred_probs', 'probs'],
  ['y_pred', 'probs'],
  ['predictions', 'probs'],
  ['p', 'probs'],
  ['logits', 'logits'],
  ['log_probs', 'log_probs'],
  ['logprobs', 'log_probs'],
  ['log_softmax', 'log_probs'],
]
const LABELS = ['labels', 'label', 'targets', 'target', 'y_true', 'gold', 'y']

const RANKS = new Map(PREDICTIONS.map(([name], rank) => [name, rank]))
const LAST_RANK = PREDICTIONS.length
/** Dataset Cartography numbers its field: `logits_epoch_3`. */
const CARTOGRAPHY = 'logits_epoch_'

/** Where a record keeps its predictions, what they are, and where it keeps their labels. */
export interface BatchFields {
  readonly predictions: string
  readonly kind: PredictionKind
  readonly labels: string | null
}

/** The fields of a prediction batch, or null when `record` holds no predictions. */
export function batchFields(record: object): BatchFields | null {
  let predictions: string | null = null
  let best = LAST_RANK + 1
  for (const name in record) {
    const rank = rankOf(name)
    if (rank === null || rank >= best) continue
    best = rank
    predictions = name
  }
  if (predictions === null) return null
  const labels = LABELS.find((name) => Object.hasOwn(record, name)) ?? null
  return { predictions, kind: PREDICTIONS[best]?.[1] ?? 'logits', labels }
}

/** Whether arrays under `name` belong to a prediction batch and are read unboxed. */
export function isDenseName(name: string): boolean {
  return rankOf(name) !== null || LABELS.includes(name)
}

function rankOf(name: string): number | null {
  return RANKS.get(name) ?? (name.startsWith(CARTOGRAPHY) ? LAST_RANK : null)
}
