import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import type { Floats } from '../kernels/float-type.ts'
import { measureBatch } from './batch-measure.ts'
import { afterColumn, areOfOneUnit, type ColumnsOfOnes } from './columns-of-ones.ts'
import type { PredictionBatch, PredictionKind } from './prediction-batch.ts'
import { dtypeOf, rounding } from './rounding.ts'
import { IGNORED_LABEL } from './truth.ts'

/** How the batches of a file are to be read, as far as they have shown it; plain JSON. */
export type BatchReading = {
  /** Whether each class of a row is a question of its own, which several may answer with yes; not there while nothing shows it. */
  readonly isMultiLabel?: boolean
  /** The label that leaves a row out, where it is another one than −100. It may be a class of the predictions, as 0 is where it pads. */
  readonly ignoredLabel?: number
  /** What the numbers are whose name does not tell it. */
  readonly kind?: PredictionKind
  /** The half precision whose numbers a text holds, as they have shown it. */
  readonly halves?: 'float16' | 'bfloat16'
  /** Whether its predictions are of held-out data, as a validation loss has shown that they give and the training loss not. */
  readonly isOfValidation?: true
  /** While each batch is a column of nothing but ones; null once one was none, and not there before the first. */
  readonly ones?: ColumnsOfOnes | null
}

export interface SettledBatch {
  readonly batch: PredictionBatch
  readonly reading: BatchReading
  /** Whether the labels are read as questions from here on, and were read as classes in the batches before. */
  readonly isReadAnew: boolean
}

/** How far from 1 the probabilities of a row may sum, and the share of rows that may be further off. */
const SUM_TOLERANCE = 0.02
const MAX_BROKEN_SHARE = 0.1
/** How near a recomputed loss must be to the reported one, as a share of it, to show how the labels are read. */
const LOSS_TOLERANCE = 1e-3
/** How far outside of [0, 1] a probability may be by rounding. */
const RANGE_TOLERANCE = 0.01

/**
 * A batch as its file is to be read, by what it and the batches before it have shown.
 *
 * One batch alone may show too little: that of a rare label has no row of two,
 * a saturated one has whole numbers only. So what a file has shown stays. Batches
 * that were read otherwise before are not judged again.
 */
export function settled(batch: PredictionBatch, before: BatchReading): SettledBatch {
  const kind = kindIn(batch, before)
  const halves = halvesIn(batch, before)
  const ofType = halves === undefined ? batch : { ...batch, dtype: halves }
  const ofKind = kind === batch.kind ? ofType : { ...ofType, kind }
  const isMultiLabel = isMultiLabelIn(ofKind, before.isMultiLabel)
  const showsKind = batch.isKindGuessed === true && kind !== before.kind && batch.values.every(Number.isFinite)
  const { halves: _, ...rest } = before
  const reading = {
    ...rest,
    ...(halves !== undefined && { halves }),
    ...(isMultiLabel !== undefined && { isMultiLabel }),
    ...(showsKind && { kind }),
  }
  const asked = isMultiLabel === true ? asQuestions(ofKind) : ofKind
  const isReadAnew = isMultiLabel === true && before.isMultiLabel === false
  const ofFile = ofItsData(withoutIgnored(asked, before.ignoredLabel), before.isOfValidation)
  return { batch: ofFile, reading, isReadAnew }
}

/** What a file has shown with one more batch of whether its predictions are nothing but ones. */
export function withOnes(reading: BatchReading, batch: PredictionBatch): BatchReading {
  if (reading.ones === null) return reading
  return { ...reading, ones: afterColumn(reading.ones, batch) }
}

/** How many batches were nothing but ones, where a softmax over one unit shows in them; else nothing. */
export function onesIn({ ones }: BatchReading, { mayBeClasses }: PredictionBatch): { columnsOfOnes?: number } {
  return areOfOneUnit(ones, mayBeClasses === true) ? { columnsOfOnes: ones!.batches } : {}
}

/** Whether the numbers are guessed classes, which give no loss: whole, in a file that has not shown probabilities under that name. */
export function areClasses(batch: PredictionBatch, before: BatchReading): boolean {
  if (batch.mayBeClasses !== true || areOfOneUnit(before.ones, true)) return false
  return before.kind !== 'probs' || kindIn(batch, before) !== 'probs'
}

/** The batch with the loss of its own data set, where it is known to be of held-out data. */
function ofItsData(batch: PredictionBatch, isOfValidation: true | undefined): PredictionBatch {
  const { validationLoss, ...rest } = batch
  if (isOfValidation !== true) return batch
  return { ...rest, isOfValidation, ...(validationLoss !== undefined && { reportedLoss: validationLoss }) }
}

/** What a file has shown after a batch whose loss is the mean over the rows with a class: another label leaves its row out. */
export function withIgnoredLabel(reading: BatchReading, { labels, k }: PredictionBatch): BatchReading {
  if (labels.kind === 'soft') return reading
  const others = new Set(labels.classes.filter((label) => label !== IGNORED_LABEL && !isClass(label, k)))
  const [ignoredLabel] = others
  return others.size === 1 && Number.isInteger(ignoredLabel) ? { ...reading, ignoredLabel: ignoredLabel! } : reading
}

/** The label that all rows have, where none of them has a class; else null. */
export function onlyLabelOf({ labels, k }: PredictionBatch): number | null {
  if (labels.kind === 'soft') return null
  const [first] = labels.classes
  return first !== undefined && !isClass(first, k) && labels.classes.every((label) => label === first) ? first : null
}

function isClass(label: number, k: number): boolean {
  return Number.isInteger(label) && label >= 0 && label < Math.max(2, k)
}

/** Numbers that were logits once are so in each batch, and probabilities stay such while they are within their range. */
function kindIn({ kind, values, isKindGuessed }: PredictionBatch, before: BatchReading): PredictionKind {
  if (isKindGuessed !== true || before.kind === undefined || before.kind === kind) return kind
  if (before.kind === 'logits') return 'logits'
  const isWithin = before.kind === 'probs' && isUnit(values, RANGE_TOLERANCE)
  return isWithin || kind !== 'logits' || values.every(Number.isNaN) ? before.kind : kind
}

/** The half precision of numbers that a text holds in full. A batch of zeros and ones shows none, and is of that of the batches before. */
function halvesIn({ dtype, values }: PredictionBatch, { halves }: BatchReading): BatchReading['halves'] {
  if (dtype !== undefined) return undefined
  const own = dtypeOf(values)
  if (own === 'float16' || own === 'bfloat16') return own
  if (own !== null || halves === undefined) return undefined
  const round = rounding(halves)
  // What is NaN shows nothing of its type, and a float16 that overflowed is a cause of its own.
  return values.every((value) => Number.isFinite(value) && round(value) === value) ? halves : undefined
}

function isUnit(values: ArrayLike<number>, tolerance = 0): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! < -tolerance || values[i]! > 1 + tolerance) return false
  return true
}

/**
 * Whether each class of a row is a question of its own.
 *
 * Two classes in one row show it, and weights of a yes to each; so do independent probabilities, which do not
 * sum to 1; else the loss does, where only one of the readings gives it. Rows
 * without any class are left out where a row has one class, and else are as good
 * as others.
 */
function isMultiLabelIn(batch: PredictionBatch, before: boolean | undefined): boolean | undefined {
  const { labels, k, kind, n } = batch
  if (labels.kind === 'hard' || k === 1) return before
  const rows = countRows(labels.targets, k)
  if (rows === null || rows.none + rows.one + rows.several === 0) return before
  if (before === true || rows.several > 0 || batch.weights?.of === 'positives') return true
  const isIndependent = (kind === 'probs' || batch.isKindGuessed === true) && areIndependent(batch, n, k)
  if (!isIndependent && rows.none === 0 && (before === false || kind !== 'logits')) return false
  const shown = shownByLoss(batch)
  if (shown !== null) return shown
  return isIndependent || (rows.none > 0 && (before ?? kind === 'logits'))
}

/** How many rows have no class, one or several; null where a target is neither 0 nor 1, nor a mark of what is not known. */
function countRows(targets: ArrayLike<number>, k: number) {
  const counts = { none: 0, one: 0, several: 0 }
  for (let from = 0; from < targets.length; from += k) {
    let ones = 0
    let isKnown = true
    for (let i = from; i < from + k; i++) {
      const target = targets[i]!
      if (target === 1) ones += 1
      else if (target < 0 && Number.isInteger(target)) isKnown = false
      else if (Number.isNaN(target)) isKnown = false
      else if (target !== 0) return null
    }
    if (ones > 1) counts.several += 1
    else if (isKnown) counts[ones === 1 ? 'one' : 'none'] += 1
  }
  return counts
}

/** Whether the numbers are probabilities that do not sum to 1 in a row. */
function areIndependent({ values }: PredictionBatch, n: number, k: number): boolean {
  if (!isUnit(values)) return false
  let odd = 0
  for (let from = 0; from < n * k; from += k) {
    let sum = 0
    for (let i = from; i < from + k; i++) sum += values[i]!
    if (Math.abs(sum - 1) > SUM_TOLERANCE) odd += 1
  }
  return odd > MAX_BROKEN_SHARE * n
}

/** Whether the loss of a batch is that of questions, and not that of classes; null where it shows neither. */
function shownByLoss(batch: PredictionBatch): boolean | null {
  const { reportedLoss } = batch
  if (reportedLoss === null || !isFinite(reportedLoss)) return null
  const isLossOf = (read: PredictionBatch) => isNear(measureBatch(read).crossEntropy, reportedLoss)
  const isOfQuestions = isLossOf(asQuestions(batch))
  return isOfQuestions === isLossOf(batch) ? null : isOfQuestions
}

function isNear(value: MetricValue, reported: number): boolean {
  return Math.abs(toNumber(value) - reported) <= LOSS_TOLERANCE * Math.abs(reported)
}

/** n × k rows of one column, as binary cross-entropy takes them. */
function asQuestions(batch: PredictionBatch): PredictionBatch {
  const { labels, n, k, values, weights, ...rest } = batch
  if (labels.kind === 'hard' || k === 1) return batch
  const { targets } = labels
  const areWhole = targets.every((target) => Number.isInteger(target) || Number.isNaN(target))
  return {
    ...rest,
    ...(batch.isKindGuessed === true && isUnit(values) && { kind: 'probs' }),
    ...(weights?.of === 'positives' && { weights }),
    ...(weights?.of === 'rows' && { weights: { of: 'rows', values: repeated(weights.values, k) } }),
    values,
    n: n * k,
    k: 1,
    questions: k,
    labels: areWhole ? { kind: 'hard', classes: targets } : { kind: 'soft', targets },
  }
}

function repeated(values: Floats, times: number): Floats {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]!)
}

function withoutIgnored(batch: PredictionBatch, ignored: number | undefined): PredictionBatch {
  const { labels } = batch
  if (ignored === undefined || labels.kind === 'soft' || !labels.classes.includes(ignored)) return batch
  const classes = Float64Array.from(labels.classes, (label) => (label === ignored ? IGNORED_LABEL : label))
  return { ...batch, labels: { kind: 'hard', classes } }
}
