import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { Symptoms } from '../measure/symptoms.ts'
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
  return `${what} Computed in ${dtype}${how}, this batch gives ${short(reportedLoss ?? 'NaN')} as the job does. ${clippedLoss(loss)}`
}

/** Names the rows of predictions that hold a NaN, followed by `what` makes one. */
export function rowsOfNaN(what: string, { symptoms: { nan, n } }: ExplainedLoss): string {
  return `${rowsOf(nan, n)} of the predictions held NaN${rowList(nan)}. ${what}`
}
