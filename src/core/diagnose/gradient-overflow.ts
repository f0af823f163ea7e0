import { isFinite } from '../../protocol/value.ts'
import { codeAt } from '../causes/index.ts'
import type { BuiltInRaise } from '../detect/finding.ts'
import { short } from '../detect/wording.ts'
import { type Context, type Explanation, known } from './diagnosis.ts'

/** ln of the largest float32: a probability below e to its negative has a reciprocal that overflows. */
const FLOAT32_OVERFLOW_NATS = 88.72283905206835

/**
 * R28: the loss is finite and its gradient is not.
 *
 * A true class with a subnormal probability still has a finite logarithm, but
 * the derivative of −ln p is −1/p, which overflows float32, and ∞ times the
 * softmax's vanishing derivative is NaN.
 */
export function gradient(finding: BuiltInRaise, { batch }: Context): Explanation | null {
  if (finding.rule !== 'non-finite' || finding.at.role !== 'grad_norm' || batch === null) return null
  const { worst } = batch.measure
  if (worst === null || !isFinite(worst.loss) || worst.loss < FLOAT32_OVERFLOW_NATS) return null
  return {
    why:
      `Row ${worst.row} gave the true class a probability of ${short(Math.exp(-worst.loss))}: its logarithm is still finite, ` +
      'but the derivative of −ln p, −1/p, overflows float32 to −∞, and ∞·0 = NaN in the gradient poisons the weights at the next step.',
    cause: known(codeAt(28), 'strong', [
      { name: 'worstRow', value: worst.row },
      { name: 'surpriseOfWorstRow', value: worst.loss },
      { name: 'float32Limit', value: FLOAT32_OVERFLOW_NATS },
    ]),
  }
}
