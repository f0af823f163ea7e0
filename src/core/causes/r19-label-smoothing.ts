import type { CauseEntry } from './entry.ts'

/** R19: found by the search over predictions, and by a share that many batches have in common. */
export const labelSmoothing = {
  number: 19,
  name: 'label-smoothing',
  title: 'Label smoothing',
  what: 'The loss is that of labels smoothed by ε. It is no fault; the loss has a floor above 0, for ε = 0.1 and 10 classes 0.5003.',
  signs: '(reported − recomputed) / (mean of −ln p over all classes − recomputed) is the same ε at every batch.',
  fix: 'Nothing is wrong: compare the loss with its floor, not with 0.',
  inCode: {
    PyTorch: 'F.cross_entropy(logits, labels)  # for the log; label_smoothing=0.1 for the gradient',
    'TensorFlow and Keras': 'keras.metrics.CategoricalCrossentropy(from_logits=True)  # beside the smoothed loss',
    'JAX and optax': 'optax.smooth_labels(one_hot, 0.1)  # for the gradient only',
  },
  confirm: 'Look for label_smoothing in the configuration of the job.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html'],
  atMost: 'strong',
  isHarmless: true,
} as const satisfies CauseEntry
