import type { CauseEntry } from './entry.ts'
import { brokenRows } from './explained-loss.ts'

const WHAT = 'A feature of the input is NaN or infinite, and everything computed from its row is NaN.'

/** R26: found by the search over predictions, from the rows that hold NaN. */
export const nanInInput = {
  number: 26,
  name: 'nan-in-input',
  title: 'The data hold a NaN',
  what: WHAT,
  signs: 'A few rows of predictions are NaN from the very first step on, while the other rows of the batch are finite.',
  fix: 'Clean the data, and assert that each batch is finite where it is loaded.',
  inCode: {
    PyTorch: 'assert torch.isfinite(x).all()',
    'TensorFlow and Keras': "tf.debugging.check_numerics(x, 'input')",
    'JAX and optax': 'assert jnp.isfinite(x).all()  # outside of jit',
    'scikit-learn': 'sklearn.utils.assert_all_finite(X)',
    NumPy: 'assert np.isfinite(x).all()',
  },
  confirm: 'Count the non-finite values of the rows that are named here in the data itself.',
  links: ['https://scikit-learn.org/stable/modules/generated/sklearn.utils.assert_all_finite.html'],
  atMost: 'likely',
  isHarmless: false,

  why: (loss) => brokenRows(WHAT, loss),
} as const satisfies CauseEntry
