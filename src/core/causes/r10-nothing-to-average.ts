import type { CauseEntry } from './entry.ts'

/** R10: found by the search over predictions, where no row of the batch counts. */
export const nothingToAverage = {
  number: 10,
  name: 'nothing-to-average',
  title: 'The mean of nothing',
  what: 'The batch is empty, or every label in it is ignored, and the mean over no rows is 0/0 = NaN.',
  signs: 'The loss is NaN, the predictions are finite, and no row of the batch has a label that counts.',
  fix: 'Skip batches without targets, or sum the loss and divide by max(count, 1); check that truncation does not remove every target.',
  inCode: {
    PyTorch: "loss = F.cross_entropy(logits, labels, reduction='sum') / (labels != -100).sum().clamp(min=1)",
    'TensorFlow and Keras': 'loss = tf.math.divide_no_nan(tf.reduce_sum(losses * mask), tf.reduce_sum(mask))',
    'JAX and optax': 'loss = (losses * mask).sum() / jnp.maximum(mask.sum(), 1)',
    NumPy: 'loss = losses[mask].sum() / max(mask.sum(), 1)',
  },
  confirm: 'Count the labels that are not ignored at that step: there is none.',
  links: ['https://github.com/pytorch/pytorch/issues/70348', 'https://github.com/pytorch/pytorch/issues/116349'],
  atMost: 'proven',
  isHarmless: false,

  why: ({ symptoms: { n } }) =>
    `No row of this batch has a label that counts (${n} rows, all ignored), and the mean of nothing is 0/0 = NaN.`,
} as const satisfies CauseEntry
