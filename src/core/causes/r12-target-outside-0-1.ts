import type { CauseEntry } from './entry.ts'

/** R12: found by the search over predictions. */
export const targetOutside01 = {
  number: 12,
  name: 'target-outside-0-1',
  title: 'A target outside of [0, 1]',
  what: 'Binary cross-entropy takes any target without a check, and has no lower bound for one outside of [0, 1]: the loss becomes negative, and the best answer is an infinite logit.',
  signs: 'Targets such as −1 or 255 in a binary loss; the loss is negative.',
  fix: 'Scale the targets into [0, 1]: y / 255 for pixels, (y + 1) / 2 for −1 and 1.',
  inCode: {
    PyTorch: 'loss = F.binary_cross_entropy_with_logits(logits, (y + 1) / 2)',
    'TensorFlow and Keras': 'loss = keras.losses.BinaryCrossentropy(from_logits=True)((y + 1) / 2, logits)',
    'JAX and optax': 'loss = optax.sigmoid_binary_cross_entropy(logits, (y + 1) / 2).mean()',
    NumPy: 'y = y / 255',
  },
  confirm: 'Print the smallest and the largest target.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html'],
  atMost: 'proven',
  isHarmless: false,
} as const satisfies CauseEntry
