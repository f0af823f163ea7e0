import type { CauseEntry } from './entry.ts'
import { rowList, rowsOf } from './number-wording.ts'

/** R11: found by the search over predictions, and by the words of a loss that refuses a label. */
export const labelOutOfRange = {
  number: 11,
  name: 'label-out-of-range',
  title: 'A label that is no class',
  what: 'A label is below 0 or not below the number of classes. PyTorch raises, TensorFlow on a GPU and JAX give NaN, Keras may give a loss of 0, and in JAX −1 is the last class.',
  signs: 'Labels outside of 0 … K − 1 in the batch whose loss is NaN or is not what the predictions give.',
  fix: 'Check the label encoding: 1-based labels, too few output classes, or −1 used as padding.',
  inCode: {
    PyTorch: 'F.cross_entropy(logits, labels, ignore_index=-1)  # if −1 is padding',
    'TensorFlow and Keras': 'keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)',
    'JAX and optax':
      'mask = labels >= 0\nlosses = optax.softmax_cross_entropy_with_integer_labels(logits, jnp.where(mask, labels, 0))\nloss = (losses * mask).sum() / jnp.maximum(mask.sum(), 1)',
    'scikit-learn': 'y = LabelEncoder().fit_transform(y)',
    NumPy: 'assert ((labels >= 0) & (labels < k)).all()',
  },
  confirm: 'Print labels.min(), labels.max() and the number of outputs.',
  links: [
    'https://www.tensorflow.org/api_docs/python/tf/nn/sparse_softmax_cross_entropy_with_logits',
    'https://docs.jax.dev/en/latest/_autosummary/jax.numpy.take_along_axis.html',
  ],
  atMost: 'proven',
  isHarmless: false,

  why: ({ symptoms: { badLabel, n, k } }) =>
    `${rowsOf(badLabel, n)} had a label that is no class index from 0 to ${Math.max(k, 2) - 1}${rowList(badLabel)}.`,
} as const satisfies CauseEntry
