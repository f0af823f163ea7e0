import { CAUSE } from '../causes/index.ts'
import { short } from '../causes/number-wording.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import type { Context, Explanation } from './diagnosis.ts'

const ADVICE =
  'A loss that is computed from the logits survives it; a lower learning rate, or a decay, keeps the logits from growing.'

/** Explains what comes before R1: the true class of some row has nearly no probability left. */
export function explainSaturation({ rule, facts }: BuiltInRaise, _context: Context): Explanation | null {
  if (rule !== 'saturation') return null
  const { measure } = facts
  const worst = Number(measure.worst?.loss ?? NaN)
  const { peakNats = worst } = facts
  const who = worst < peakNats ? 'A row of the batches before' : `Row ${measure.worst?.row}`
  const least = Math.exp(-peakNats)
  const elsewhere =
    measure.zeroOffTruth.count === 0
      ? ''
      : ` ${measure.zeroOffTruth.count} of ${measure.n} rows hold a probability of exactly 0 for another class already.`
  return {
    why: `${who} gave its true class a probability of ${short(least)}, and float32 ${measure.k === 1 ? 'has 1 − p = 0 where that would be below 6e-8' : 'has 0 in place of anything below 7e-46'}.${elsewhere} ${ADVICE}`,
    cause: {
      code: null,
      candidates: [CAUSE.logZero],
      evidence: [
        { name: 'smallestTrueProbability', value: least },
        { name: 'accuracy', value: measure.accuracy },
        { name: 'rowsWithZeroOffTruth', value: measure.zeroOffTruth.count },
      ],
    },
  }
}
