import { isFinite } from '../../protocol/value.ts'
import { type BrokenGradient, brokenGradientBefore } from './broken-gradient.ts'
import type { Circumstances, Recognition } from './circumstances.ts'
import type { CauseEntry } from './entry.ts'
import { short } from './number-wording.ts'
import { risesIn } from './rises.ts'

/** ln of the largest float32. Where −ln p is larger than this, 1/p overflows float32. */
const FLOAT32_OVERFLOW_NATS = 88.72283905206835

/** R28: recognised by a gradient norm that broke before the loss did, or by a row whose loss is finite and whose gradient overflows. */
export const nanGradient = {
  number: 28,
  name: 'nan-gradient',
  title: 'A finite loss with a gradient that is not',
  what: 'The loss is an ordinary number and its derivative is not: −1/p of a tiny p overflows, the branch that `where` does not take gives 0·∞, or the derivative of sqrt is taken at 0.',
  signs: 'The gradient norm is NaN or inf while the loss is finite; the loss follows at the next step.',
  fix:
    'Find the operation (torch.autograd.set_detect_anomaly(True), jax_debug_nans). ' +
    "Do not take the log of a softmax by hand: use the framework's loss on logits (torch F.cross_entropy, " +
    'Keras from_logits=True, jax.nn.log_softmax), whose gradient is p − y and cannot overflow; ' +
    'add ε inside a square root, and guard the input of a branch that `where` leaves out.',
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

  recognise(circumstances) {
    const broken = brokenGradientBefore(circumstances)
    return broken === null ? ofTinyProbability(circumstances) : ofNormBefore(broken, circumstances)
  },
} as const satisfies CauseEntry

/**
 * The norm that broke first. Where the norm or the loss ran away before, or the predictions are finite after it, it is none
 * of this kind; and several infinite norms beside finite losses are of steps that were skipped.
 */
function ofNormBefore(
  { value, inARow, step, lossBeside }: BrokenGradient,
  { batch, trend }: Circumstances,
): Recognition | null {
  if (batch !== null && batch.symptoms.nan.count === 0) return null
  if (risesIn(trend).some(({ of }) => of !== 'learning rate')) return null
  if (value !== 'NaN' && inARow > 1) return null
  return {
    why: 'The loss was computed, and its derivative was not a number: the step with it broke the weights, and so the next loss.',
    confidence: inARow === 1 && value === 'NaN' ? 'strong' : 'likely',
    evidence: [
      { name: 'gradientNorm', value },
      ...(step === null ? [] : [{ name: 'firstStep', value: step }]),
      { name: 'lossBeside', value: lossBeside },
    ],
  }
}

/**
 * A true class with a subnormal probability still has a finite logarithm. But
 * the derivative of −ln p, −1/p, overflows float32, and ∞ times the vanishing
 * derivative of the softmax is NaN.
 */
function ofTinyProbability({ rule, at, batch }: Circumstances): Recognition | null {
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
}
