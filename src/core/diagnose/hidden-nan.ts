import { CAUSE } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { Explanation } from './diagnosis.ts'

/** What hides a NaN says only that there was one; which is for the predictions, or for what came before, to tell. */
export function explainHiddenNan(finding: BuiltInRaise): Explanation | null {
  if (finding.rule !== 'masked-nan') return null
  const { reason, detail, inARow } = finding.facts
  const times = inARow > 1 ? ` This is the ${inARow}th in a row.` : ''
  return {
    why: `${detail}${times}`,
    cause: {
      code: null,
      candidates: [CAUSE.nanInModel, CAUSE.nanGradient, CAUSE.nothingToAverage],
      evidence: [
        { name: 'mask', value: reason },
        { name: 'inARow', value: inARow },
      ],
    },
  }
}
