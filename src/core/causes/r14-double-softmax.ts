import type { CauseEntry } from './entry.ts'

/** R14: found by the search over predictions. */
export const doubleSoftmax = {
  number: 14,
  name: 'double-softmax',
  title: 'A softmax of a softmax',
  what: 'The model ends in a softmax or sigmoid, and its loss applies another one. The loss cannot leave a window one nat wide, [ln(1 + (K−1)/e), ln(e + K−1)], and learning is slow.',
  signs:
    'The loss is the cross-entropy of the softmax of the logged probabilities, or of the softmax of those that the logged logits give; with weights as well.',
  fix: 'Remove the activation from the model, or tell the loss that it gets probabilities (from_logits=False).',
  inCode: {
    PyTorch: 'logits = self.head(x)  # no softmax: F.cross_entropy and BCEWithLogitsLoss apply their own',
    'TensorFlow and Keras': 'keras.layers.Dense(k)  # no activation with from_logits=True',
    'JAX and optax':
      'loss = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()  # logits, not probs',
  },
  confirm: 'Look at the sum of the rows that enter the loss: logits do not sum to 1.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html'],
  atMost: 'proven',
  isHarmless: false,
} as const satisfies CauseEntry
