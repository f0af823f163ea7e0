import { isFinite } from '../../protocol/value.ts'
import type { CauseEntry } from './entry.ts'
import { brokenRows } from './explained-loss.ts'
import { LOG_SUM_EXP } from './loss-on-logits.ts'
import { short } from './number-wording.ts'

const WHAT =
  'exp(z) overflows at 88.7 in float32 and at 11.1 in float16, and ∞/∞ is NaN. A softmax that subtracts the largest logit first cannot overflow.'

/** R5: found by the search over predictions, from logits or from the rows that an overflow leaves. */
export const softmaxOverflow = {
  number: 5,
  name: 'softmax-overflow',
  title: 'A softmax that does not take the largest logit away',
  what: WHAT,
  signs: 'Logits beyond the limit, or rows of probabilities with a NaN at one class and exact zeros at the others.',
  fix: 'Use log_softmax or logsumexp of the framework, which subtract the largest logit first.',
  inCode: {
    PyTorch: 'logp = F.log_softmax(logits, dim=-1)',
    'TensorFlow and Keras': 'logp = tf.nn.log_softmax(logits)',
    'JAX and optax': 'logp = jax.nn.log_softmax(logits)',
    NumPy: LOG_SUM_EXP,
  },
  confirm: 'Subtract logits.max(-1, keepdim=True) before exp: the same batch gives finite probabilities.',
  links: ['https://docs.jax.dev/en/latest/_autosummary/jax.nn.log_softmax.html'],
  atMost: 'strong',
  isHarmless: false,

  why(loss) {
    const { maxLogit } = loss.symptoms
    return `${brokenRows(WHAT, loss)}${isFinite(maxLogit ?? 'NaN') ? ` The largest logit here is ${short(maxLogit!)} in size.` : ''}`
  },
} as const satisfies CauseEntry
