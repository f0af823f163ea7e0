import type { BatchMeasure, PredictionBatch } from './prediction-batch.ts'
import { countRow, rowCounter } from './row-counter.ts'
import { IGNORED_LABEL } from './truth.ts'

/**
 * Counts the rows of logits from which a gradient of NaN may come beside a finite loss.
 *
 * It looks at few numbers of a row, so it costs little beside the measures. Where most rows have a logit of 0, a head
 * begins with zeros, and that says nothing.
 */
export function oddLogitsOf(batch: PredictionBatch): Pick<BatchMeasure, 'closedRows' | 'zeroLogit'> {
  const { kind, n } = batch
  if (kind === 'probs') return {}
  const closedRows = rowCounter()
  const zeroLogit = rowCounter()
  let labelled = 0
  for (let i = 0; i < n; i++) {
    const isLabelled = hasTruth(batch, i)
    if (isLabelled) labelled++
    if (isClosed(batch, i)) countRow(closedRows, i)
    else if (kind === 'logits' && isLabelled && isZeroOnTruth(batch, i)) countRow(zeroLogit, i)
  }
  return {
    ...(closedRows.count > 0 && { closedRows }),
    ...(zeroLogit.count > 0 && zeroLogit.count * 2 <= labelled && { zeroLogit }),
  }
}

/** Whether the label of a row is not ignored. */
function hasTruth({ k, labels }: PredictionBatch, row: number): boolean {
  if (labels.kind === 'hard') return labels.classes[row] !== IGNORED_LABEL
  for (let at = row * k; at < (row + 1) * k; at++) if (labels.targets[at]! > 0) return true
  return k === 1
}

function isZeroOnTruth({ k, values, labels }: PredictionBatch, row: number): boolean {
  if (k === 1) return values[row] === 0
  if (labels.kind === 'hard') {
    const label = labels.classes[row]!
    return label >= 0 && label < k && values[row * k + label] === 0
  }
  for (let at = row * k; at < (row + 1) * k; at++) if (labels.targets[at]! > 0 && values[at] === 0) return true
  return false
}

function isClosed({ k, values }: PredictionBatch, row: number): boolean {
  if (k === 1) return false
  for (let at = row * k; at < (row + 1) * k; at++) if (values[at] !== -Infinity) return false
  return true
}
