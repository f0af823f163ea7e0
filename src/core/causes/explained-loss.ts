import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import { rowList, rowsOf, short } from './number-wording.ts'

/** The loss of one batch, with what is known of how the job computes it. */
export interface ExplainedLoss {
  readonly symptoms: Symptoms
  readonly reportedLoss: MetricValue | null
  /** The type in which the job computes, known or guessed. */
  readonly dtype: Dtype
  /** How the job computes it, in words; null where that is not known. */
  readonly computedAs: string | null
}

/** Compares the loss that the predictions give with the reported one; empty where one of them is not known. */
export function comparedLosses({ symptoms, reportedLoss, computedAs }: ExplainedLoss): string {
  if (reportedLoss === null || computedAs === null) return ''
  const { crossEntropy } = symptoms
  const times =
    isFinite(reportedLoss) && isFinite(crossEntropy) && crossEntropy > 0
      ? `, ${short(toNumber(reportedLoss) / toNumber(crossEntropy))} times that`
      : ''
  return `The predictions give ${short(crossEntropy)}; the job reports ${short(reportedLoss)}${times}, which is: ${computedAs}.`
}

/** Says what the loss would be with a clip. */
export function clippedLoss({ symptoms: { epsilon, crossEntropyClipped } }: ExplainedLoss): string {
  return `Clipped at ${epsilon} this batch's loss is ${short(crossEntropyClipped)}.`
}

/** Says that the type loses the guard of the loss, by how it computes. */
export function lostGuard(what: string, loss: ExplainedLoss): string {
  const { dtype, computedAs, reportedLoss } = loss
  const how = computedAs === null ? '' : ` as "${computedAs}"`
  return `${what} Computed in ${dtype}${how}, this batch gives ${short(reportedLoss ?? 'NaN')} as the job does. ${clippedLoss(loss)}`
}

/** Names the rows of the predictions that hold a NaN, and then what makes one. */
export function rowsOfNaN(what: string, { symptoms: { nan, n } }: ExplainedLoss): string {
  return `${rowsOf(nan, n)} of the predictions held NaN${rowList(nan)}. ${what}`
}
