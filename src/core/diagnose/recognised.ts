import { leastSure, SUREST_FIRST } from '../causes/confidence.ts'
import { CAUSES, codeOf } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** Explains a finding by the surest of the causes whose `recognise` accepts what is known around it. */
export function explainRecognised({ rule, at }: BuiltInRaise, { trend, batch }: Context): Explanation | null {
  const inUse = batch === null ? null : { symptoms: batch.measure, reportedLoss: batch.reportedLoss }
  const found = CAUSES.flatMap((cause) => {
    const recognition = cause.recognise?.({ rule, at, trend, batch: inUse }) ?? null
    if (recognition === null) return []
    return [{ ...recognition, code: codeOf(cause), confidence: leastSure([recognition.confidence, cause.atMost]) }]
  })
  const surest = SUREST_FIRST.flatMap((sure) => found.filter(({ confidence }) => confidence === sure))[0]
  if (surest === undefined) return null
  return { why: surest.why, cause: known(surest.code, surest.confidence, surest.evidence) }
}
