import { leastSure, SUREST_FIRST } from '../causes/confidence.ts'
import { CAUSES, codeOf } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { circumstancesOf } from './circumstances-of.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** Explains a finding by the surest of the causes whose `recognise` accepts what is known around it. */
export function explainRecognised(finding: BuiltInRaise, context: Context): Explanation | null {
  const circumstances = circumstancesOf(finding, context)
  const found = CAUSES.flatMap((cause) => {
    const recognition = cause.recognise?.(circumstances) ?? null
    if (recognition === null) return []
    return [{ ...recognition, code: codeOf(cause), confidence: leastSure([recognition.confidence, cause.atMost]) }]
  })
  const surest = SUREST_FIRST.flatMap((sure) => found.filter(({ confidence }) => confidence === sure))[0]
  if (surest === undefined) return null
  return { why: surest.why, cause: known(surest.code, surest.confidence, surest.evidence) }
}
