import { CAUSE } from '../causes/index.ts'
import type { Explanation, Raise } from './diagnosis.ts'

/** What hides a NaN says only that there was one; which is for the predictions, or for what came before, to tell. */
export function masked(finding: Raise): Explanation | null {
  if (finding.facts.kind !== 'masked-nan') return null
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
