import type { Dtype } from '../kernels/float-type.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { decimalsOf, halfUnit, printedError } from '../measure/printed.ts'
import { ulpOfOne } from '../measure/rounding.ts'
import { termsOf } from './terms.ts'

/** The error assumed of probabilities of which nobody knows how they were rounded: that of two decimals. */
const UNKNOWN_ERROR = halfUnit(2)

/** The decimals assumed for an integer, which may have been printed with some: "100.0". */
const DECIMALS_OF_INTEGER = 4

/** How far a recomputed number may be from the reported one and still count as the same. Both must be finite. */
export type Tolerance = {
  readonly relative: number
  readonly absolute: number
}

/**
 * The tolerance for the mean loss of a batch, before the digits of the reported number are known.
 *
 * `decimalsBefore` are those of the batches before, for one whose numbers are all 0 or 1 shows none.
 *
 * A probability may have been rounded when it was printed, or to its type. Its
 * logarithm is then off by that error divided by p, which is much for a small p,
 * or for 1 − p where p is near 1. A job that computes its loss from logits may
 * differ by the mean of those errors. The loss of rounded logits changes by the
 * error of each logit times |p − t|, and that of rounded log-probabilities by
 * their own error.
 */
export function toleranceOf(batch: PredictionBatch, dtype: Dtype, decimalsBefore?: number | null): Tolerance {
  const printed = isOfEdges(batch) && decimalsBefore === undefined ? UNKNOWN_ERROR : printedError(batch, decimalsBefore)
  const how = batch.kind === 'logits' ? 'activated' : 'given'
  const { weights, probabilities, isBinary, rows } = termsOf(batch, how, dtype)
  const ulp = ulpOfOne(dtype)
  let errors = 0
  const add = (weight: number, error: number, p: number) => {
    if (weight > 0 && p > 0) errors += weight * Math.min(error / p, 1)
  }
  for (let i = 0; i < weights.length; i++) {
    const p = probabilities[i]!
    const error = Math.max(batch.kind === 'probs' ? printed : 0, (ulp * p) / 2)
    add(weights[i]!, error, p)
    if (isBinary) add(1 - weights[i]!, error, 1 - p)
    // A row of NaN has no error.
    if (printed === 0 || Number.isNaN(p)) continue
    if (batch.kind === 'log_probs') errors += weights[i]! * printed
    if (batch.kind === 'logits') errors += printed * (isBinary ? Math.abs(p - weights[i]!) : 2 * weights[i]! * (1 - p))
  }
  return {
    relative: Math.max(1e-5, ulp / 2),
    absolute: ulp / 2 + errors / Math.max(1, isBinary ? weights.length : rows),
  }
}

/** Whether all are probabilities of 0 and 1. In a log that has shown no other number nobody knows how they were rounded. */
function isOfEdges({ kind, dtype, values }: PredictionBatch): boolean {
  return kind === 'probs' && dtype === undefined && values.every(Number.isInteger)
}

/** The same for a mean of the probabilities themselves, whose error is no more than that of the numbers they come from. */
export function linearToleranceOf(batch: PredictionBatch, dtype: Dtype, decimalsBefore?: number | null): Tolerance {
  const printed = printedError(batch, decimalsBefore)
  const ulp = ulpOfOne(dtype)
  return { relative: Math.max(1e-5, ulp / 2), absolute: Math.max(printed, ulp / 2) }
}

/** The tolerance for a reported number, with the error of its own last digit added. */
export function asPrinted({ relative, absolute }: Tolerance, reported: number): Tolerance {
  const decimals = decimalsOf(reported)
  return { relative, absolute: absolute + halfUnit(decimals === 0 ? DECIMALS_OF_INTEGER : decimals) }
}

/** The error of a reported loss, as a share of it, above which it fits too many of all ways of computing by chance. */
export const LEAST_PRECISION = 2e-3
/** The same for the few ways whose error is that of the numbers themselves, where they are far from a right loss. */
export const LINEAR_PRECISION = 1e-2

/** How far a wrong loss must be from a right one, in multiples of the error of the reported loss. */
export const CLEARANCE = 3

/** Whether a loss is reported with enough digits to tell many ways of computing apart. */
export function hasDigits(reported: number, { relative, absolute }: Tolerance, precision = LEAST_PRECISION): boolean {
  return absolute + relative * Math.abs(reported) <= precision * Math.abs(reported)
}

/** Whether two losses count as the same: within the tolerance, or both NaN, or both the same infinity. */
export function isSameLoss(value: number, reported: number, { relative, absolute }: Tolerance): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(reported)) return Object.is(value, reported)
  return Math.abs(value - reported) <= absolute + relative * Math.abs(reported)
}
