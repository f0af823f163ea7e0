import { isFinite } from '../../protocol/value.ts'
import type { CauseEntry } from './entry.ts'
import { short } from './number-wording.ts'

/** ln of the largest float32. Where −ln p is larger than this, 1/p overflows float32. */
const FLOAT32_OVERFLOW_NATS = 88.72283905206835

/** R28: recognised by a row whose loss is finite and whose gradient overflows. */
export const nanGradient = {
  number: 28,
  name: 'nan-gradient',
  title: 'A finite loss with a gradient that is not',
  what: 'The loss is an ordinary number and its derivative is not: −1/p of a tiny p overflows, the branch that `where` does not take gives 0·∞, or the derivative of sqrt is taken at 0.',
  signs: 'The gradient norm is NaN or inf while the loss is finite; the loss follows at the next step.',
  fix:
    "Do not take the log of a softmax by hand: use the framework's loss on logits (torch F.cross_entropy, " +
    'Keras from_logits=True, jax.nn.log_softmax), whose gradient is p − y and cannot overflow.',
  inCode: {
    PyTorch: 'loss = F.cross_entropy(logits, labels)\nnorm = (x * x).sum(-1).add(1e-12).sqrt()',
    'TensorFlow and Keras': 'safe = tf.where(x > 0, x, 1.0)\ny = tf.where(x > 0, tf.math.log(safe), 0.0)',
    'JAX and optax': 'safe = jnp.where(x > 0, x, 1.0)\ny = jnp.where(x > 0, jnp.log(safe), 0.0)',
  },
  confirm: 'torch.autograd.set_detect_anomaly(True), or jax_debug_nans, names the operation.',
  links: [
    'https://docs.jax.dev/en/latest/faq.html#gradients-contain-nan-where-using-where',
    'https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection',
  ],
  atMost: 'strong',
  isHarmless: false,

  /**
   * A true class with a subnormal probability still has a finite logarithm. But
   * the derivative of −ln p, −1/p, overflows float32, and ∞ times the vanishing
   * derivative of the softmax is NaN.
   */
  recognise({ rule, at, batch }) {
    const worst = batch?.symptoms.worst ?? null
    if (rule !== 'non-finite' || at.role !== 'grad_norm' || worst === null) return null
    if (!isFinite(worst.loss) || worst.loss < FLOAT32_OVERFLOW_NATS) return null
    return {
      why:
        `Row ${worst.row} gave the true class a probability of ${short(Math.exp(-worst.loss))}: its logarithm is still finite, ` +
        'but the derivative of −ln p, −1/p, overflows float32 to −∞, and ∞·0 = NaN in the gradient poisons the weights at the next step.',
      confidence: 'strong',
      evidence: [
        { name: 'worstRow', value: worst.row },
        { name: 'surpriseOfWorstRow', value: worst.loss },
        { name: 'float32Limit', value: FLOAT32_OVERFLOW_NATS },
      ],
    }
  },
} as const satisfies CauseEntry
