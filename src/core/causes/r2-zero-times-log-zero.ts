import type { CauseEntry } from './entry.ts'
import { clippedLoss, ofZero } from './explained-loss.ts'
import { LOSS_ON_LOGITS, USE_LOSS_ON_LOGITS } from './loss-on-logits.ts'
import { rowList, rowsOf } from './number-wording.ts'

const WHAT =
  'A loss written as a sum of target × log(p) meets a class with target 0 and probability 0, and 0·(−∞) is NaN. It happens when the model is right.'

/** How a loss is computed that is Σ t (ln t − ln p) as it stands there: a target of 0 makes a NaN of it. */
export const WRITTEN_DIVERGENCE = 'KL divergence, written out'

/** R2: found by the search over predictions. */
export const zeroTimesLogZero = {
  number: 2,
  name: 'zero-times-log-zero',
  title: '0 · log(0) in a loss that multiplies',
  what: WHAT,
  signs: 'The loss is NaN, the predictions are finite, and a class without weight has a probability of exactly 0.',
  fix: USE_LOSS_ON_LOGITS,
  inCode: {
    ...LOSS_ON_LOGITS,
    PyTorch: 'loss = F.cross_entropy(logits, labels)  # or -torch.special.xlogy(targets, p).sum(1).mean()',
    'JAX and optax':
      'safe = jnp.where(targets > 0, p, 1.0)  # guard the input of the log: its gradient is then finite, too\nloss = -(targets * jnp.log(safe)).sum(1).mean()',
    NumPy: 'loss = -scipy.special.xlogy(targets, p).sum(axis=1).mean()',
  },
  confirm: 'Replace target * log(p) by xlogy(target, p): the same batch gives a finite loss.',
  links: ['https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.xlogy.html'],
  atMost: 'proven',
  isHarmless: false,

  why(loss) {
    const { zeroOffTruth, n } = loss.symptoms
    if (loss.computedAs === WRITTEN_DIVERGENCE)
      return `A target of this batch is exactly 0, and t · ln t = 0·(−∞) = NaN where a divergence is written out. ${clippedLoss(loss)}`
    if (zeroOffTruth.count === 0)
      return `A class got a probability of exactly 1, and (1 − target) · log(1 − p) = 0·(−∞) = NaN in a binary loss of each class. ${clippedLoss(loss)}`
    return (
      `${rowsOf(zeroOffTruth, n)} gave a class with target 0 a probability ${ofZero(loss)}${rowList(zeroOffTruth)}, ` +
      `and 0·log(0) = 0·(−∞) = NaN where a loss multiplies every class by its target. ${clippedLoss(loss)}`
    )
  },
} as const satisfies CauseEntry
