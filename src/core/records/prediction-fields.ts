import type { PredictionKind } from '../measure/prediction-batch.ts'

/**
 * What a name says of the numbers under it: their kind, that they are a score
 * (a probability or a logit), or nothing: then they may even be guessed classes.
 */
export type NamedKind = PredictionKind | 'score' | null

/**
 * What predictions go by; where a record has several, the first one in this list is read.
 */
const PREDICTIONS: readonly (readonly [name: string, kind: NamedKind])[] = [
  ['probs', 'probs'],
  ['probabilities', 'probs'],
  ['pred_probs', 'probs'],
  ['predicted_probs', 'probs'],
  ['softmax', 'probs'],
  ['y_prob', 'probs'],
  ['y_proba', 'probs'],
  ['proba', 'probs'],
  ['prob', 'probs'],
  ['p', 'probs'],
  ['logits', 'logits'],
  ['logit', 'logits'],
  ['log_probs', 'log_probs'],
  ['logprobs', 'log_probs'],
  ['log_softmax', 'log_probs'],
  ['log_p', 'log_probs'],
  ['logp', 'log_probs'],
  ['y_pred', null],
  ['y_hat', null],
  ['y_score', 'score'],
  ['predictions', null],
  ['preds', null],
  ['pred', null],
  ['outputs', 'score'],
  ['output', 'score'],
  ['scores', 'score'],
]
export const LABELS: readonly string[] = [
  'labels',
  'label',
  'targets',
  'target',
  'y_true',
  'true_labels',
  'true_label',
  'gold',
  'gold_label',
  'truth',
  'y',
]

/** What the weights of a batch go by, and whether there is one for each row, for each class, or for a yes to each question. */
export const WEIGHTS: ReadonlyMap<string, 'rows' | 'classes' | 'positives'> = new Map([
  ['sample_weight', 'rows'],
  ['sample_weights', 'rows'],
  ['class_weight', 'classes'],
  ['class_weights', 'classes'],
  ['pos_weight', 'positives'],
])

const NAMES: ReadonlySet<string> = new Set([...PREDICTIONS.map(([name]) => name), ...LABELS, ...WEIGHTS.keys()])
/** Dataset Cartography numbers its field: `logits_epoch_3`. */
const CARTOGRAPHY = 'logits_epoch_'

/** Where a record keeps its predictions, what they are, and where it keeps their labels. */
export interface BatchFields {
  readonly predictions: string
  readonly kind: NamedKind
  readonly labels: string | null
  /** The epoch that the name of the predictions counts. */
  readonly epoch: number | null
}

/** Of a record with more names than these it is looked for each that predictions may have, and not at all of its own. */
const FEW_NAMES = 32

/** The fields of a prediction batch, or null when `record` holds no predictions. */
export function batchFields(record: object): BatchFields | null {
  if (!mayHoldBatch(record)) return null
  const labels = LABELS.find((name) => Object.hasOwn(record, name)) ?? null
  for (const [predictions, kind] of PREDICTIONS) {
    if (Object.hasOwn(record, predictions)) return { predictions, kind, labels, epoch: null }
  }
  // To go through all names of a large record takes time, and none without labels is a batch.
  if (labels === null) return null
  for (const name in record) {
    if (name.startsWith(CARTOGRAPHY)) return { predictions: name, kind: 'logits', labels, epoch: epochOf(name) }
  }
  return null
}

/** Whether a record has a name that a batch may have, or more names than are looked at. Most records have a few metrics. */
function mayHoldBatch(record: object): boolean {
  let names = 0
  for (const name in record) if (isDenseName(name) || ++names > FEW_NAMES) return true
  return false
}

/** Whether arrays under `name` belong to a prediction batch and are read unboxed. */
export function isDenseName(name: string): boolean {
  return NAMES.has(name) || name.startsWith(CARTOGRAPHY)
}

/** What just this name says of the predictions under it; undefined for one that no predictions have. */
export function kindOfName(name: string): NamedKind | undefined {
  return PREDICTIONS.find(([known]) => known === name)?.[1]
}

/** Whether predictions go by `name`, be it the whole name or the end of one: `val_logits`. */
export function isPredictionName(name: string): boolean {
  return PREDICTIONS.some(([known]) => endsInName(name, known))
}

/** Whether labels go by `name`, be it the whole name or the end of one: `val_labels`. */
export function isLabelName(name: string): boolean {
  return LABELS.some((known) => endsInName(name, known))
}

/** `labels` for `val_labels`: the name in the list that a longer one ends in; else the name itself. */
export function knownName(name: string): string {
  if (NAMES.has(name) || name.startsWith(CARTOGRAPHY)) return name
  const lower = name.toLowerCase()
  let best = ''
  for (const known of NAMES) if (known.length > best.length && endsInName(lower, known)) best = known
  return best === '' ? name : best
}

function endsInName(name: string, known: string): boolean {
  if (!name.endsWith(known)) return false
  const before = name.length - known.length
  // A single letter at the end of a longer name says nothing.
  return before === 0 || (known.length > 1 && '_-./'.includes(name.charAt(before - 1)))
}

function epochOf(name: string): number | null {
  const digits = name.slice(CARTOGRAPHY.length)
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null
}
