import type { CauseEntry } from './entry.ts'
import { comparedLosses } from './explained-loss.ts'
import { rowList, rowsOf } from './number-wording.ts'

const WHAT =
  'The loss takes the logarithm of numbers that are no probabilities. That of a negative one is NaN, that of one above 1 makes the loss negative.'

/** R13: found by the search over predictions. */
export const logitsAsProbabilities = {
  number: 13,
  name: 'logits-as-probabilities',
  title: 'Logits taken for probabilities',
  what: WHAT,
  signs: '"Probabilities" below 0 or above 1, or logits whose plain logarithm gives the loss that was reported.',
  fix: 'Apply softmax or sigmoid first, or better use the loss that takes logits.',
  inCode: {
    PyTorch: 'loss = F.cross_entropy(logits, labels)  # not F.nll_loss(torch.log(logits), labels)',
    'TensorFlow and Keras': 'loss = keras.losses.CategoricalCrossentropy(from_logits=True)',
    'JAX and optax': 'loss = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()',
    'scikit-learn': 'log_loss(y, model.predict_proba(X))  # not decision_function',
    NumPy: 'p = scipy.special.softmax(logits, axis=1)',
  },
  confirm: 'Print the smallest and the largest input of the loss.',
  links: ['https://keras.io/api/losses/probabilistic_losses/'],
  atMost: 'proven',
  isHarmless: false,

  why(loss) {
    const { outOfRange, n } = loss.symptoms
    if (outOfRange.count === 0) return `${WHAT} ${comparedLosses(loss)}`
    return `${rowsOf(outOfRange, n)} held a "probability" below 0 or above 1${rowList(outOfRange)}: these look like logits, and the log of a negative number is NaN.`
  },
} as const satisfies CauseEntry
