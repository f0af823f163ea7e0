import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import type { Dtype } from '../kernels/float-type.ts'
import { isInFull, type Symptoms } from '../measure/symptoms.ts'
import { rowList, rowsOf, short } from './number-wording.ts'

/** The loss of one batch, and what is known about how the job computes it. */
export interface ExplainedLoss {
  readonly symptoms: Symptoms
  readonly reportedLoss: MetricValue | null
  /** The type in which the job computes, known or guessed. */
  readonly dtype: Dtype
  /** How the job computes it, in words; null where that is not known. */
  readonly computedAs: string | null
}

/** Compares the loss that the predictions give with the reported one. Empty where the reported loss, or how it was computed, is not known. */
export function comparedLosses({ symptoms, reportedLoss, computedAs }: ExplainedLoss): string {
  if (reportedLoss === null || computedAs === null) return ''
  const { crossEntropy } = symptoms
  // The job itself took numbers that are no probabilities for some.
  if (short(crossEntropy) === short(reportedLoss))
    return `The job reports ${short(reportedLoss)}, which is: ${computedAs}.`
  const times =
    isFinite(reportedLoss) && isFinite(crossEntropy) && crossEntropy > 0
      ? `, ${short(toNumber(reportedLoss) / toNumber(crossEntropy))} times that`
      : ''
  return `The predictions give ${short(crossEntropy)}; the job reports ${short(reportedLoss)}${times}, which is: ${computedAs}.`
}

/** Says what the loss of the batch would be with a clip. */
export function clippedLoss({ symptoms: { epsilon, crossEntropyClipped } }: ExplainedLoss): string {
  return `Clipped at ${epsilon} this batch's loss is ${short(crossEntropyClipped)}.`
}

/** Says that rounding in the type of the job removes what guards its logarithm. */
export function lostGuard(what: string, loss: ExplainedLoss): string {
  const { dtype, computedAs, reportedLoss } = loss
  const how = computedAs === null ? '' : ` as "${computedAs}"`
  const given = reportedLoss === null ? 'no finite loss' : `${short(reportedLoss)} as the job does`
  return `${what} Computed in ${dtype}${how}, this batch gives ${given}. ${clippedLoss(loss)}`
}

/** Names the rows of predictions that are not finite, followed by what makes them so. Logits that only overflow later are none. */
export function brokenRows(what: string, { symptoms: { nan, infinite, n } }: ExplainedLoss): string {
  const [rows, held] = nan.count > 0 ? [nan, 'NaN'] : [infinite, 'Infinity']
  return rows.count === 0 ? what : `${rowsOf(rows, n)} of the predictions held ${held}${rowList(rows)}. ${what}`
}

/** "of exactly 0"; in a log of few decimals, in which nobody can know that, "that is printed as 0". */
export function ofZero({ symptoms }: ExplainedLoss): string {
  return isInFull(symptoms) ? 'of exactly 0' : 'that is printed as 0'
}

/** Says how little a 0 or 1 shows in a log of few decimals; empty where numbers stand in full. */
export function printedNote({ printedDecimals }: Symptoms): string {
  const decimals = printedDecimals ?? null
  return decimals === null
    ? ''
    : ` The predictions are printed with ${decimals} decimals, so that any number below ${Number(`5e-${decimals + 1}`)} is a 0 there: only in full would they show it.`
}
