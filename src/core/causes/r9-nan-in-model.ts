import type { CauseEntry } from './entry.ts'
import { rowList, rowsOf } from './number-wording.ts'

const WHAT =
  'The predictions are NaN before any loss is computed: an earlier step has poisoned the weights, and no later one can heal them.'

/** R9: found by the search over predictions, from the rows that hold NaN. */
export const nanInModel = {
  number: 9,
  name: 'nan-in-model',
  title: 'The weights hold a NaN',
  what: WHAT,
  signs: 'All predictions of a batch are NaN while those of the batch before were finite.',
  fix:
    'Restart from the last checkpoint whose weights are finite, look for the first cause in the steps before, ' +
    'and clip gradients with error_if_nonfinite=True so that a bad one never reaches the weights.',
  inCode: {
    PyTorch: 'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, error_if_nonfinite=True)',
    'TensorFlow and Keras': 'model.fit(..., callbacks=[keras.callbacks.TerminateOnNaN()])',
    'JAX and optax': 'optimizer = optax.apply_if_finite(optimizer, max_consecutive_errors=5)',
  },
  confirm: 'Load the newest checkpoint and look for a NaN in its weights.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html'],
  atMost: 'strong',
  isHarmless: false,

  why({ symptoms: { nan, infinite, n } }) {
    const [broken, what] = nan.count > 0 ? [nan, 'NaN'] : [infinite, 'Infinity']
    if (broken.count === 0) return WHAT
    return `The predictions already hold ${what} in ${rowsOf(broken, n)}${rowList(broken)}: the model was damaged at an earlier step or fed bad input.`
  },
} as const satisfies CauseEntry
