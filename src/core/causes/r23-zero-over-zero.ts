import type { CauseEntry } from './entry.ts'
import { brokenRows } from './explained-loss.ts'
import { rowList, rowsOf } from './number-wording.ts'

const WHAT = 'A norm of 0, a variance of one sample, or an attention row that is masked altogether divides 0 by 0.'

/** R23: found by the search over predictions, from the rows that hold NaN. */
export const zeroOverZero = {
  number: 23,
  name: 'zero-over-zero',
  title: '0/0 in a normalisation',
  what: WHAT,
  signs: 'Only some rows are NaN, or −∞ at every logit, and they are constant, empty or fully masked inputs.',
  fix: 'Add ε inside the square root and the denominator, use the biased variance, and leave one position of each mask open.',
  inCode: {
    PyTorch: 'F.normalize(x, eps=1e-6)  # x.var(unbiased=False)',
    'TensorFlow and Keras': 'tf.math.divide_no_nan(x, norm)',
    'JAX and optax': 'x / jnp.sqrt((x * x).sum(-1, keepdims=True) + 1e-12)',
    NumPy: 'np.divide(x, norm, out=np.zeros_like(x), where=norm > 0)',
  },
  confirm: 'Feed a row of the rows named here alone: it is NaN, and another row is not.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html'],
  atMost: 'likely',
  isHarmless: false,

  why(loss) {
    const { closedRows, nan, n } = loss.symptoms
    return closedRows === undefined || nan.count > 0
      ? brokenRows(WHAT, loss)
      : `${rowsOf(closedRows, n)} of logits held nothing but −∞${rowList(closedRows)}, whose softmax is 0/0. ${WHAT}`
  },
} as const satisfies CauseEntry
