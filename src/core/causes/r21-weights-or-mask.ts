import type { CauseEntry } from './entry.ts'

/** R21: found by the search over predictions, and by weights that many batches share. */
export const weightsOrMask = {
  number: 21,
  name: 'weights-or-mask',
  title: 'Class weights, or rows that are counted and not learnt',
  what: 'The loss weighs the classes, or its mean counts rows that are ignored. It may be meant so; it is not the cross-entropy of the batch.',
  signs: 'One weight for each class, the same at every batch, gives the reported loss from the recomputed ones.',
  fix: 'State the weights where the loss is compared, and divide by the number of rows that count.',
  inCode: {
    PyTorch: 'F.cross_entropy(logits, labels, weight=w)  # its mean divides by the sum of the weights',
    'TensorFlow and Keras': 'model.fit(..., class_weight={0: 1.0, 1: 5.0})  # its mean divides by the rows',
    'JAX and optax': 'loss = (w[labels] * losses).sum() / w[labels].sum()',
    'scikit-learn': 'log_loss(y, p, sample_weight=w)',
    NumPy: 'loss = np.average(losses, weights=w[labels])',
  },
  confirm: 'Look for weight, pos_weight or class_weight in the job.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html'],
  atMost: 'strong',
  isHarmless: true,
} as const satisfies CauseEntry
