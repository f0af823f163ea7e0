import type { CauseEntry } from './entry.ts'

/** R18: found by the search over predictions. */
export const unitOfTheLogarithm = {
  number: 18,
  name: 'unit-of-the-logarithm',
  title: 'Bits or decimal digits, not nats',
  what: 'The loss is reported to base 2 or base 10. Nothing is wrong with the training; only comparisons with losses in nats are.',
  signs: 'Reported divided by recomputed is 1/ln 2 = 1.4427, ln 2 = 0.6931, or 1/ln 10 = 0.4343.',
  fix: 'Label the unit, or multiply bits by ln 2 = 0.6931 to get nats.',
  inCode: {
    PyTorch: 'nats = bits * math.log(2)',
    'TensorFlow and Keras': 'nats = bits * math.log(2)',
    'JAX and optax': 'nats = bits * math.log(2)',
    NumPy: 'nats = bits * np.log(2)',
  },
  confirm: 'A model that knows nothing of K classes reports log2 K, not ln K.',
  links: ['https://github.com/facebookresearch/metaseq'],
  atMost: 'proven',
  isHarmless: true,
} as const satisfies CauseEntry
