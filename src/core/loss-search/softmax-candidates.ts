import { CAUSE } from '../causes/index.ts'
import { rounding } from '../measure/rounding.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'
import { guardedCandidates } from './guarded-candidates.ts'
import { jobLossSum } from './job-loss.ts'
import { termsOf } from './terms.ts'

/** How the key of a softmax begins that does not take the largest logit away. */
export const NAIVE_SOFTMAX = 'naive softmax'
/** A clip that is there, and lost in the type: without it nothing would be wrong. */
const OF_LOST_GUARD: readonly string[] = [CAUSE.clipLostInFloat32, CAUSE.epsilonLostInFloat16]

/** Losses of logged logits that take the logarithm of their softmax: R5 and R6, and R2 where a logit of −∞ masks a class. */
export function softmaxCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, measure, dtype } = subject
  const { isMasked, underflows } = zerosOf(subject)
  const hasOddTargets = batch.k === 1 && measure.badLabel.count > 0
  const codeOf = ({ value, code }: LossCandidate) => {
    if (!Number.isFinite(value))
      return code !== null && OF_LOST_GUARD.includes(code) ? code : underflows ? CAUSE.logOfSoftmax : null
    return hasOddTargets ? CAUSE.targetOutside01 : code
  }
  const guarded = guardedCandidates(termsOf(batch, 'activated', dtype), subject, null, underflows).map((candidate) => ({
    ...candidate,
    key: `softmax, ${candidate.key}`,
    code: codeOf(candidate),
    ...(!Number.isFinite(candidate.value) && { isDecisive: true as const }),
  }))
  return [...guarded, ...(isMasked ? maskedCandidates(subject) : []), ...naiveCandidates(subject)]
}

/** Whether a logit of −∞ masks a class of some row that counts, and whether the softmax of a finite logit is 0 in the type of the job. */
function zerosOf({ batch, dtype }: SearchedBatch): { readonly isMasked: boolean; readonly underflows: boolean } {
  const { n, k, values, labels } = batch
  const round = rounding(dtype)
  let isMasked = false
  let underflows = false
  for (let i = 0; i < n; i++) {
    if (labels.kind === 'hard' && labels.classes[i] === -100) continue
    let max = -Infinity
    let min = Infinity
    for (let j = i * k; j < (i + 1) * k; j++) {
      const logit = values[j]!
      max = Math.max(max, logit)
      if (logit === -Infinity) isMasked = true
      else min = Math.min(min, logit)
    }
    underflows ||= k === 1 ? isEdge(round(1 / round(1 + round(Math.exp(-max))))) : round(Math.exp(min - max)) === 0
  }
  return { isMasked: isMasked && k > 1, underflows }
}

function isEdge(p: number): boolean {
  return p === 0 || p === 1
}

/** The logarithm of a masked class is −∞ however it is computed: 0 · (−∞) is NaN in a loss that multiplies, and at the true class the loss is ∞. */
function maskedCandidates({ measure: { zeroOnTruth, zeroOffTruth } }: SearchedBatch): LossCandidate[] {
  const seldom = { occurs: 'seldom' } as const
  return [
    ...(zeroOffTruth.count > 0
      ? [{ ...seldom, key: 'log_softmax, multiply', code: CAUSE.zeroTimesLogZero, value: NaN, prior: 0.8 }]
      : []),
    // A weak cause: what hides the true class may as well be wrong as its label.
    ...(zeroOnTruth.count > 0
      ? [{ ...seldom, key: 'log_softmax, gather', code: CAUSE.logZero, value: Infinity, prior: 0.002 }]
      : []),
  ]
}

/** R5: a softmax that overflows, in both forms of the loss. While it does not it gives the right loss. */
function naiveCandidates({ batch, measure, dtype, largestLogitBefore }: SearchedBatch): LossCandidate[] {
  const terms = termsOf(batch, 'naive', dtype)
  return (['gather', 'multiply'] as const).flatMap((form): LossCandidate[] => {
    const value = jobLossSum(terms, { kind: 'none' }, form, dtype) / Math.max(1, terms.rows)
    const named = { key: `${NAIVE_SOFTMAX}, ${form}`, value, occurs: 'seldom' } as const
    if (!Number.isFinite(value)) {
      const isNews = largestLogitBefore > 0 && Number.isFinite(rounding(dtype)(Math.exp(largestLogitBefore)))
      const code = terms.hasNaN ? CAUSE.softmaxOverflow : null
      return [{ ...named, code, prior: 1.5, isDecisive: true, ...(!isNews && { isNoNews: true }) }]
    }
    // With labels that are no classes the number is not right, whatever gives it.
    return measure.badLabel.count > 0 ? [] : [{ ...named, code: null, prior: 1 }]
  })
}
