import type { CauseEntry } from './entry.ts'
import { lostGuard } from './explained-loss.ts'

const WHAT =
  'The smallest float16 is 6.0e-8, and an ε of less than half of it is 0: the clip, or the log(p + ε), does nothing at all.'

/** R4: found by the search over predictions. */
export const epsilonLostInFloat16 = {
  number: 4,
  name: 'epsilon-lost-in-float16',
  title: 'ε is 0 in float16',
  what: WHAT,
  signs:
    'The predictions are float16, a probability is exactly 0 or 1, and the loss is NaN or inf although it is written with an ε.',
  fix: 'Cast to float32 before the loss and use one on logits; autocast does so for the losses of the framework, not for a hand-written one.',
  inCode: {
    PyTorch: "with torch.autocast('cuda', enabled=False):\n    loss = F.cross_entropy(logits.float(), labels)",
    'TensorFlow and Keras': "keras.layers.Activation('softmax', dtype='float32')  # the last activation in float32",
    'JAX and optax':
      'loss = optax.softmax_cross_entropy_with_integer_labels(logits.astype(jnp.float32), labels).mean()',
    NumPy: 'p = p.astype(np.float32)',
  },
  confirm: 'torch.tensor(1e-8, dtype=torch.float16) prints 0.',
  links: ['https://www.tensorflow.org/guide/mixed_precision', 'https://docs.pytorch.org/docs/stable/amp.html'],
  atMost: 'proven',
  isHarmless: false,

  why: (loss) => lostGuard(WHAT, loss),
} as const satisfies CauseEntry
