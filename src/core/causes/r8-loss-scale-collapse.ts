import type { CauseEntry } from './entry.ts'

/** R8: found by the rule `loss-scale`, and by the messages of a scaler that halves its scale. */
export const lossScaleCollapse = {
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
  atMost: 'strong',
  isHarmless: false,
} as const satisfies CauseEntry
