import type { CauseEntry } from './entry.ts'

/** R15: found by the search over predictions. */
export const notNormalised = {
  number: 15,
  name: 'not-normalised',
  title: 'Probabilities that do not sum to 1',
  what: 'The rows are no distributions over the classes: often sigmoids, one for each class, in a loss for exactly one class. Keras divides by the sum without a word, others do not.',
  signs: 'Rows of probabilities with a sum other than 1 beside labels of one class each.',
  fix: 'Use softmax for one class among K, or a binary loss for each class for labels that may hold together.',
  inCode: {
    PyTorch: 'p = torch.softmax(logits, dim=-1)  # or F.binary_cross_entropy_with_logits for several labels',
    'TensorFlow and Keras': "keras.layers.Dense(k, activation='softmax')",
    'JAX and optax': 'p = jax.nn.softmax(logits)',
    'scikit-learn': 'p / p.sum(axis=1, keepdims=True)  # 1.3 and newer warn',
    NumPy: 'p = p / p.sum(axis=1, keepdims=True)',
  },
  confirm: 'Print p.sum(axis=1): it is not 1.',
  links: ['https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html'],
  atMost: 'strong',
  isHarmless: false,
} as const satisfies CauseEntry
