import type { UserRaise } from '../detect/finding.ts'
import { short } from '../detect/wording.ts'
import type { Explanation } from './diagnosis.ts'

/** Explains a finding of the user's own rule by the values that its condition saw. It has no cause. */
export function explainUserCondition({ facts: { values, inARow } }: UserRaise): Explanation {
  const times = inARow === 1 ? '' : ` It has held for ${inARow} records in a row.`
  return {
    why: `${values.map(({ name, value }) => `${name} is ${short(value)}`).join(', ')}.${times}`,
    cause: { code: null, candidates: [], evidence: values },
  }
}
