import type { CauseEntry } from './entry.ts'

/** R16: found by the search over predictions, and by the rule `clipped-loss` in a loss alone. */
export const clippedGradient = {
  number: 16,
  name: 'clipped-gradient',
  title: 'The clip has taken the gradient away',
  what: 'Wrong rows lie beyond the clip, where the loss is flat and its gradient 0. They never get better: the loss stands at −ln ε times their share.',
  signs:
    'The loss is that of the clipped probabilities, some wrong rows are beyond the clip, and it does not move. Without predictions: it stands at a constant such as 87.34 (Caffe), 16.12 or 15.94 (Keras), 27.63 or 23.03, or at a share of one, or at shares of 100 (BCELoss of PyTorch).',
  fix: 'Use the loss on logits: its gradient p − y never vanishes on a wrong row.',
  inCode: {
    PyTorch: 'loss = F.binary_cross_entropy_with_logits(logits, targets)  # not BCELoss(sigmoid(logits))',
    'TensorFlow and Keras': 'loss = keras.losses.BinaryCrossentropy(from_logits=True)',
    'JAX and optax': 'loss = optax.sigmoid_binary_cross_entropy(logits, targets).mean()',
  },
  confirm: 'The gradient with respect to the logits of the rows named here is exactly 0.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html'],
  atMost: 'strong',
  isHarmless: false,
} as const satisfies CauseEntry
