import type { CauseEntry } from './entry.ts'

/** R20: found by the search over predictions, in a difference that many batches share. */
export const addedTerm = {
  number: 20,
  name: 'added-term',
  title: 'The loss holds more than the cross-entropy',
  what: 'A regulariser, a z-loss or an auxiliary loss is added to what is reported.',
  signs: 'Reported minus recomputed is positive and nearly the same at every batch.',
  fix: 'Log both parts: the cross-entropy by itself, and what is added to it.',
  inCode: {
    PyTorch: "log({'loss/ce': ce.item(), 'loss/extra': extra.item()})",
    'TensorFlow and Keras': 'sum(model.losses)  # what Keras adds for regularisers',
    'JAX and optax': "metrics = {'ce': ce, 'extra': extra}",
  },
  confirm: 'Set the weight of the added terms to 0 for one evaluation.',
  links: ['https://keras.io/api/layers/regularizers/'],
  atMost: 'likely',
  isHarmless: true,
} as const satisfies CauseEntry
