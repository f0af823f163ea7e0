import { leastSure, SUREST_FIRST } from '../causes/confidence.ts'
import type { CauseEntry } from '../causes/entry.ts'
import { CAUSES, codeOf } from '../causes/index.ts'
import { badWeights } from '../causes/r29-bad-weights.ts'
import { otherTerm } from '../causes/r33-other-term.ts'
import { expOverflow } from '../causes/r34-exp-overflow.ts'
import { circumstancesOf } from './circumstances-of.ts'
import { type Explainer, known } from './diagnosis.ts'

/** Explains a finding by the surest of the causes whose `recognise` accepts what is known around it. */
export const explainRecognised = recognisedBy(CAUSES)

/** By what the record of a loss itself says of it. The predictions can only suggest what it may have been. */
export const explainRecord = recognisedBy([expOverflow, otherTerm, badWeights])

function recognisedBy(causes: readonly CauseEntry[]): Explainer {
  return (finding, context) => {
    const circumstances = circumstancesOf(finding, context)
    const found = causes.flatMap((cause) => {
      const recognition = cause.recognise?.(circumstances) ?? null
      if (recognition === null) return []
      return [{ ...recognition, code: codeOf(cause), confidence: leastSure([recognition.confidence, cause.atMost]) }]
    })
    const surest = SUREST_FIRST.flatMap((sure) => found.filter(({ confidence }) => confidence === sure))[0]
    return surest === undefined
      ? null
      : { why: surest.why, cause: known(surest.code, surest.confidence, surest.evidence) }
  }
}
