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

const NAMES: ReadonlySet<string> = new Set([...PREDICTIONS.map(([name]) => name), ...LABELS])
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
  const labels = LABELS.find((name) => Object.hasOwn(record, name)) ?? null
  for (const [predictions, kind] of PREDICTIONS) {
    if (Object.hasOwn(record, predictions)) return { predictions, kind, labels }
  }
  // To go through all names of a large record takes time, and none without labels is a batch.
  if (labels === null) return null
  for (const name in record) {
    if (name.startsWith(CARTOGRAPHY)) return { predictions: name, kind: 'logits', labels }
  }
  return null
}

/** Whether arrays under `name` belong to a prediction batch and are read unboxed. */
export function isDenseName(name: string): boolean {
  return NAMES.has(name) || name.startsWith(CARTOGRAPHY)
}
