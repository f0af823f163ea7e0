import type { CauseEntry } from './entry.ts'

/** R17: found by the search over predictions, and by a factor that many batches share. */
export const wrongReduction = {
  number: 17,
  name: 'wrong-reduction',
  title: 'A sum where a mean is meant, or over another count',
  what: 'The number reported is the loss times or divided by a whole number: the rows of the batch, its classes, its tokens, the processes, or the batches whose gradients are accumulated.',
  signs: 'Reported divided by recomputed is the same whole number, or one over it, at every batch.',
  fix: "Use reduction='mean' over the rows that count, and divide by the number of accumulated batches once.",
  inCode: {
    PyTorch: "loss = F.cross_entropy(logits, labels, reduction='mean')",
    'TensorFlow and Keras':
      "keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction='sum_over_batch_size')",
    'JAX and optax': 'loss = losses.mean()  # not .sum()',
    'scikit-learn': 'log_loss(y, p, normalize=True)',
    NumPy: 'loss = losses.mean()',
  },
  confirm: 'Halve the batch size: a sum halves with it, a mean does not.',
  links: [
    'https://github.com/huggingface/transformers/issues/37766',
    'https://github.com/huggingface/transformers/issues/35438',
  ],
  atMost: 'proven',
  isHarmless: false,
} as const satisfies CauseEntry
