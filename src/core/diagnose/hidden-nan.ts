import { CAUSE } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { Explanation } from './diagnosis.ts'

/** Explains a hidden NaN. The way it is hidden shows only that there was one, so the causes are candidates. */
export function explainHiddenNan(finding: BuiltInRaise): Explanation | null {
  if (finding.rule !== 'masked-nan') return null
  const { reason, detail, inARow } = finding.facts
  const times = inARow > 1 ? ` It is ${inARow} in a row.` : ''
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
