import type { CauseEntry } from './entry.ts'
import { lostGuard } from './explained-loss.ts'

const WHAT =
  'The loss clips to [ε, 1 − ε], and 1 − ε rounds to 1: below 3.0e-8 in float32, 2.5e-4 in float16 and 2.0e-3 in bfloat16. A sure prediction then meets log(1 − 1), and 0·(−∞) is NaN just when the model becomes right.'

/** R3: found by the search over predictions. */
export const clipLostInFloat32 = {
  number: 3,
  name: 'clip-lost-in-float32',
  title: 'The upper end of the clip is rounded away',
  what: WHAT,
  signs:
    'A probability is exactly 1; the loss is NaN where it is right and inf where it is wrong, while probabilities of 0 do no harm.',
  fix: 'Use a loss on logits, or an ε that survives in your dtype (1e-7 in float32; compute the loss in float32 where the model is in half precision), or log1p(-p) for log(1 - p).',
  inCode: {
    PyTorch:
      'loss = F.binary_cross_entropy_with_logits(logits.float(), targets)\n# or: p.float().clamp(1e-7, 1 - 1e-7)',
    'TensorFlow and Keras':
      "keras.layers.Dense(1, dtype='float32')  # and BinaryCrossentropy(from_logits=True, dtype='float32')",
    'JAX and optax': 'loss = optax.sigmoid_binary_cross_entropy(logits.astype(jnp.float32), targets).mean()',
    'scikit-learn': 'log_loss(y, p.astype(np.float64))  # before 1.3 the clip at 1e-15 was lost in float32',
    NumPy: 'p = np.clip(p.astype(np.float64), 1e-10, 1 - 1e-10)',
  },
  confirm: 'Evaluate 1 - eps == 1 in the dtype of the predictions: it is true.',
  links: [
    'https://github.com/snipsco/ntm-lasagne/issues/20',
    'https://github.com/keras-team/keras/issues/377',
    'https://github.com/scikit-learn/scikit-learn/issues/24315',
  ],
  atMost: 'proven',
  isHarmless: false,

  why: (loss) => lostGuard(WHAT, loss),
} as const satisfies CauseEntry
