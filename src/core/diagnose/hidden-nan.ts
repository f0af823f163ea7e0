import { CAUSE } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { Sighting } from '../detect/rule.ts'
import type { Context, Explanation, Trend } from './diagnosis.ts'

const CANDIDATES = [CAUSE.nanInModel, CAUSE.nanGradient, CAUSE.nothingToAverage]

/** Explains a hidden NaN. The way it is hidden shows only that there was one, so the causes are candidates. */
export function explainHiddenNan(finding: BuiltInRaise, { trend }: Context): Explanation | null {
  if (finding.rule === 'non-finite' && finding.at.role === 'grad_norm') return besideZero(finding.at, trend)
  if (finding.rule !== 'masked-nan') return null
  const { reason, detail, inARow } = finding.facts
  const times = inARow > 1 ? ` It is ${inARow} in a row.` : ''
  return {
    why: `${detail}${times}`,
    cause: {
      code: null,
      candidates: CANDIDATES,
      evidence: [
        { name: 'mask', value: reason },
        { name: 'inARow', value: inARow },
      ],
    },
  }
}

/** Explains a gradient norm that is not finite beside a loss of exactly 0, which was above it before: it stands for a NaN. */
function besideZero({ step }: Sighting, { loss, began = {} }: Trend): Explanation | null {
  const last = loss.at(-1)
  if (last?.value !== 0 || last.step !== step || !((began[last.metric] ?? 0) > 0)) return null
  return {
    why: `${last.metric} is exactly 0 beside it: a framework that filters NaN out of its log, as the Hugging Face Trainer does, writes 0 for a loss that was NaN.`,
    cause: { code: null, candidates: CANDIDATES, evidence: [{ name: last.metric, value: 0 }] },
  }
}
