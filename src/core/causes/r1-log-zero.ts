import type { MetricValue } from '../../protocol/value.ts'
import type { CauseEntry } from './entry.ts'
import { clippedLoss, ofZero } from './explained-loss.ts'
import { LOG_SUM_EXP, LOSS_ON_LOGITS, USE_LOSS_ON_LOGITS } from './loss-on-logits.ts'
import { rowList, rowsOf, short } from './number-wording.ts'

const WHAT =
  'The true class got a probability of exactly 0, and −log(0) is ∞. The NaN comes one step later: the gradient −1/p is infinite, and ∞·0 = NaN reaches the weights.'

/** R1: found by the search over predictions, and by a zero alone where no loss is known. */
export const logZero = {
  number: 1,
  name: 'log-zero',
  title: 'Logarithm of a probability of 0',
  what: WHAT,
  signs: 'The loss is inf, and some row of its batch has a probability of exactly 0 for the true class.',
  fix: USE_LOSS_ON_LOGITS,
  inCode: {
    ...LOSS_ON_LOGITS,
    'scikit-learn': 'log_loss(y, p)  # 1.3 and newer clip to the ulp of the dtype of p',
    NumPy: LOG_SUM_EXP,
  },
  confirm: 'Print p[range(n), labels].min() just before the loss: it is 0 at the step that fails.',
  links: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
    'https://optax.readthedocs.io/en/latest/api/losses.html',
  ],
  atMost: 'proven',
  isHarmless: false,

  why(loss) {
    const { zeroOnTruth, zeroOffTruth, n } = loss.symptoms
    // A smoothed label gives each class a weight.
    if (zeroOnTruth.count === 0 && zeroOffTruth.count > 0)
      return (
        `${rowsOf(zeroOffTruth, n)} gave a class beside the true one a probability ${ofZero(loss)}${rowList(zeroOffTruth)}, ` +
        `and this loss takes the logarithm of each class: −log(0) = ∞${aftermath(loss.reportedLoss)}. ${clippedLoss(loss)}`
      )
    if (zeroOnTruth.count === 0) return `${WHAT} ${clippedLoss(loss)}`
    return (
      `${rowsOf(zeroOnTruth, n)} gave the true class a probability ${ofZero(loss)}${rowList(zeroOnTruth)}, ` +
      `so −log(0) = ∞${aftermath(loss.reportedLoss)}. ${clippedLoss(loss)}`
    )
  },
} as const satisfies CauseEntry

function aftermath(reported: MetricValue | null): string {
  if (reported === 'NaN') return ' and 0·∞ = NaN'
  if (reported === 'Infinity') return ' and its gradient, ∞·0 = NaN, poisons the weights at the next step'
  return reported === null ? '' : `; the job itself reports ${short(reported)}, so it clips or computes from logits`
}
