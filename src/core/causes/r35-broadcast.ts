import type { CauseEntry } from './entry.ts'
import { comparedLosses } from './explained-loss.ts'
import { short } from './number-wording.ts'

const WHAT =
  'Each prediction is compared with the label of every row, and not with its own: predictions of shape [N, 1] and labels of shape [N] make a table of N × N. The model learns the mean of the labels, and no more.'

/** R35: found by the search over predictions. */
export const broadcast = {
  number: 35,
  name: 'broadcast',
  title: 'Each guess against each label',
  what: WHAT,
  signs: 'The loss is the mean over all pairs of a prediction and a label; it stops at that of guessing the mean.',
  fix: 'Give both the same shape before the loss: squeeze the last axis of the predictions, or unsqueeze the labels.',
  inCode: {
    PyTorch: 'loss = F.mse_loss(out.squeeze(-1), y)  # out [N, 1], y [N]',
    'TensorFlow and Keras': 'loss = tf.reduce_mean((tf.squeeze(out, -1) - y) ** 2)',
    'JAX and optax': 'loss = ((out.squeeze(-1) - y) ** 2).mean()',
    NumPy: 'assert out.shape == y.shape',
  },
  confirm: 'Print the shapes that enter the loss, or raise on a warning of "different size".',
  links: [
    'https://github.com/pytorch/pytorch/issues/1939',
    'https://numpy.org/doc/stable/user/basics.broadcasting.html',
  ],
  atMost: 'proven',
  isHarmless: false,

  why(loss) {
    const { symptoms, reportedLoss, computedAs } = loss
    // Of targets beyond 0 and 1 there is no cross-entropy to compare with.
    if (symptoms.badLabel.count > 0 && reportedLoss !== null && computedAs !== null)
      return `${WHAT} The job reports ${short(reportedLoss)}, which is: ${computedAs}.`
    return `${WHAT} ${comparedLosses(loss)}`.trim()
  },
} as const satisfies CauseEntry
