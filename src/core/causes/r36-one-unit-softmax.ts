import type { CauseEntry } from './entry.ts'

/** R36: found from a column of nothing but ones, in batch after batch. */
export const oneUnitSoftmax = {
  number: 36,
  name: 'one-unit-softmax',
  title: 'A softmax over one unit',
  what: 'A softmax divides each output by the sum of all. Over a single unit that is e^z / e^z = 1 for any input, so the model answers 1 to everything, nothing has a gradient, and the loss stands.',
  signs:
    'All predictions are exactly 1 from the first batch on, whatever the label, in one column; the loss is the same multiple of the share of labels that are 0.',
  fix: 'Use a sigmoid for one unit (with a binary loss), or as many units as there are classes for a softmax.',
  inCode: {
    PyTorch: 'loss = F.binary_cross_entropy_with_logits(logits.squeeze(1), targets)  # or nn.Linear(hidden, 2)',
    'TensorFlow and Keras': "keras.layers.Dense(1, activation='sigmoid')  # or Dense(2, activation='softmax')",
    'JAX and optax': 'loss = optax.sigmoid_binary_cross_entropy(logits[:, 0], targets).mean()',
  },
  confirm:
    'Print the outputs before the last activation: they differ from row to row. A sigmoid of logits that are all above 17 looks the same, but does not begin so.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html'],
  // A sigmoid that has saturated before the first batch was logged looks the same.
  atMost: 'likely',
  isHarmless: false,

  why({ symptoms: { columnsOfOnes = 1 } }) {
    const batches = columnsOfOnes === 1 ? 'In the first batch' : `In ${columnsOfOnes} batches, from the first one on,`
    return `${batches} all predictions are exactly 1, whatever the label: a softmax over one unit is e^z / e^z = 1 for any input, and has no gradient.`
  },
} as const satisfies CauseEntry
