import { logSumExp } from '../../measure/cross-entropy.ts'
import type { PredictionKind } from '../../measure/prediction-batch.ts'

/** How far from 1 the probabilities of a row may sum: bfloat16 keeps two or three digits. */
const SUM_TOLERANCE = 0.02
/** A few rows may be broken, which is what a watchdog is for. */
const MAX_BROKEN_SHARE = 0.1
/** This many rows are enough to see the kind; the rest of a large batch is of the same. */
const MAX_ROWS = 1024

/**
 * What the numbers of `n` rows of `k` classes are, as the numbers themselves show. A NaN shows nothing.
 *
 * Probabilities lie in [0, 1] and sum to 1, log-probabilities are at most 0 and
 * their exponentials sum to 1; all else are logits.
 */
export function predictionKindOf(values: ArrayLike<number>, n: number, k: number): PredictionKind {
  const rows = Math.min(n, MAX_ROWS)
  const { isUnit, isAtMostZero } = rangeOf(values, rows * k)
  if (k === 1) return isUnit ? 'probs' : 'logits'
  if (isUnit && areMost(values, rows, k, (row) => Math.abs(sumOf(row) - 1) <= SUM_TOLERANCE)) return 'probs'
  if (isAtMostZero && areMost(values, rows, k, (row) => Math.abs(logSumExp(row)) <= SUM_TOLERANCE)) return 'log_probs'
  return 'logits'
}

/** Whether the numbers may be guessed classes, which give no loss: all of them are whole. */
export function mayBeClasses(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i])) return false
  return true
}

function rangeOf(values: ArrayLike<number>, count: number) {
  let isUnit = true
  let isAtMostZero = true
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (value < 0 || value > 1) isUnit = false
    if (value > 0) isAtMostZero = false
  }
  return { isUnit, isAtMostZero }
}

/** Whether `holds` is true of the rows without a NaN, except for a few. */
function areMost(values: ArrayLike<number>, rows: number, k: number, holds: (row: Float64Array) => boolean): boolean {
  const row = new Float64Array(k)
  let counted = 0
  let broken = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) row[j] = values[i * k + j]!
    if (row.some(Number.isNaN)) continue
    counted += 1
    if (!holds(row)) broken += 1
  }
  return broken <= counted * MAX_BROKEN_SHARE
}

function sumOf(row: Float64Array): number {
  let sum = 0
  for (const value of row) sum += value
  return sum
}
