import type { CauseEntry } from './entry.ts'

/** R7–R9, R23, R26–R28: the numbers were broken before, or after, the loss was computed. */
export const MODEL: readonly CauseEntry[] = [
  {
    number: 7,
    name: 'float16-overflow',
    title: 'An activation or the loss overflows float16',
    what: 'Nothing above 65504 fits into float16. Activations, sums and logits that exceed it become ∞, and the next ∞ − ∞ or ∞·0 is NaN.',
    signs:
      'float16 predictions of ∞ or NaN in whole rows, logits near 65504 before, a loss scale that falls by a factor of a thousand.',
    fix: 'Train in bfloat16, or lower the learning rate; keep norms, softmax and the loss in float32.',
    inCode: {
      PyTorch: "with torch.autocast('cuda', dtype=torch.bfloat16): ...",
      'TensorFlow and Keras': "keras.mixed_precision.set_global_policy('mixed_bfloat16')",
      'JAX and optax': 'x = x.astype(jnp.bfloat16)  # and jnp.sum(x, dtype=jnp.float32)',
    },
    confirm: 'Log the largest |activation| of each layer: one nears 65504 before the first NaN.',
    links: ['https://docs.pytorch.org/docs/stable/notes/amp_examples.html'],
  },
  {
    number: 8,
    name: 'loss-scale-collapse',
    title: 'The loss scale has fallen to its floor',
    what: 'Mixed precision halves its loss scale at each gradient that is not finite and skips the step. A scale that only falls means that every gradient is NaN, which no scale can cure: nothing is learnt any more.',
    signs: 'A loss scale that falls by halves to 1 or below, overflow messages at each step, a loss that stands still.',
    fix: 'Find the operation whose gradient is NaN (torch.autograd.set_detect_anomaly); a smaller scale does not help.',
    inCode: {
      PyTorch: 'torch.autograd.set_detect_anomaly(True)\nassert scaler.get_scale() >= 1',
      'TensorFlow and Keras': 'tf.debugging.enable_check_numerics()',
      'JAX and optax': "jax.config.update('jax_debug_nans', True)",
    },
    confirm: 'Run the step in float32: its gradient is NaN there, too.',
    links: ['https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling'],
  },
  {
    number: 9,
    name: 'nan-in-model',
    title: 'The weights hold a NaN',
    what: 'The predictions are NaN before any loss is computed: an earlier step has poisoned the weights, and no later one can heal them.',
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
  },
  {
    number: 23,
    name: 'zero-over-zero',
    title: '0/0 in a normalisation',
    what: 'A norm of 0, a variance of one sample, or an attention row that is masked altogether divides 0 by 0.',
    signs: 'Only some rows are NaN, and they are constant, empty or fully masked inputs.',
    fix: 'Add ε inside the square root and the denominator, use the biased variance, and leave one position of each mask open.',
    inCode: {
      PyTorch: 'F.normalize(x, eps=1e-6)  # x.var(unbiased=False)',
      'TensorFlow and Keras': 'tf.math.divide_no_nan(x, norm)',
      'JAX and optax': 'x / jnp.sqrt((x * x).sum(-1, keepdims=True) + 1e-12)',
      NumPy: 'np.divide(x, norm, out=np.zeros_like(x), where=norm > 0)',
    },
    confirm: 'Feed a row of the rows named here alone: it is NaN, and another row is not.',
    links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html'],
  },
  {
    number: 26,
    name: 'nan-in-input',
    title: 'The data hold a NaN',
    what: 'A feature of the input is NaN or infinite, and everything computed from its row is NaN.',
    signs:
      'A few rows of predictions are NaN from the very first step on, while the other rows of the batch are finite.',
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
  },
  {
    number: 27,
    name: 'hardware',
    title: 'A fault of the hardware',
    what: 'A processor or its memory gave a wrong number: the same step with the same data gives another result on another device.',
    signs: 'Nothing in the log explains it. It can be shown only by running the step again.',
    fix: 'Run the step again from the checkpoint before it, on another device.',
    inCode: {},
    confirm: 'The step, repeated with the same seed and data on another device, is finite.',
    links: ['https://github.com/NVIDIA/Megatron-LM'],
  },
  {
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
  },
]
