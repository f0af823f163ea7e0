import type { CauseEntry } from './entry.ts'
import { brokenRows } from './explained-loss.ts'

const WHAT =
  'Nothing above 65504 fits into float16. Activations, sums and logits that exceed it become ∞, and the next ∞ − ∞ or ∞·0 is NaN.'

/** R7: found by the search over predictions, from the rows that hold NaN and the type of the numbers. */
export const float16Overflow = {
  number: 7,
  name: 'float16-overflow',
  title: 'An activation or the loss overflows float16',
  what: WHAT,
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
  atMost: 'strong',
  isHarmless: false,

  why: (loss) => brokenRows(WHAT, loss),
} as const satisfies CauseEntry
