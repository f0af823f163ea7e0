import type { CauseEntry } from './entry.ts'
import { rowList, rowsOf } from './number-wording.ts'

/** R30: found by the search over predictions, from the labels that are NaN or infinite. */
export const nanInLabels = {
  number: 30,
  name: 'nan-in-labels',
  title: 'The labels hold a NaN',
  what: 'A label or a target is NaN or infinite, and so is every loss that is computed with it: no clip and no other loss helps.',
  signs: 'The loss is NaN, and a label of its batch is NaN or infinite, while the predictions are finite.',
  fix: 'Repair the labels where they are made (0/0 in a normalisation, a missing value of a table), or leave such rows out of the loss.',
  inCode: {
    PyTorch: 'ok = torch.isfinite(y).all(-1)  # y as [rows, classes]\nloss = F.cross_entropy(logits[ok], y[ok])',
    'TensorFlow and Keras': "tf.debugging.check_numerics(y, 'labels')",
    'JAX and optax': 'y = jnp.where(jnp.isfinite(y), y, 0.0)  # and a mask of 0 for these in the mean',
    'scikit-learn': 'sklearn.utils.assert_all_finite(y)',
    NumPy: 'assert np.isfinite(y).all()',
  },
  confirm: 'Print the labels of the rows that are named here: a NaN stands there before any loss is computed.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.isfinite.html'],
  // A NaN has no digits: another one may have come from elsewhere.
  atMost: 'strong',
  isHarmless: false,

  why({ symptoms: { nanLabel = { count: 0, rows: [] }, n, questions = 1 } }) {
    return `${rowsOf(nanLabel, n / questions)} had a label that is NaN or infinite${rowList(nanLabel)}: whatever is computed with it is no number.`
  },
} as const satisfies CauseEntry
