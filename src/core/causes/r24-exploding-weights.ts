import type { CauseEntry } from './entry.ts'
import { risesIn } from './rises.ts'

/** R24: recognised by what grew before the loss broke, and named by the rule `exploding`. */
export const explodingWeights = {
  number: 24,
  name: 'exploding-weights',
  title: 'The weights run away',
  what: 'The learning rate is too high for where the training stands: each step makes the next gradient larger, until something overflows.',
  signs: 'The gradient norm or the loss grows tenfold within a few steps, often after a change of the learning rate.',
  fix:
    'Divide the learning rate by 3 to 10, warm it up, clip the gradient norm (1.0 is usual), ' +
    'and restart from a checkpoint of well before the rise.',
  inCode: {
    PyTorch: 'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)',
    'TensorFlow and Keras': 'keras.optimizers.Adam(1e-4, global_clipnorm=1.0)',
    'JAX and optax': 'optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule))',
    'scikit-learn': 'SGDClassifier(learning_rate="adaptive", eta0=0.01)  # and scale the features',
  },
  confirm: 'Restart from the checkpoint with a tenth of the learning rate: the loss does not rise.',
  links: ['https://arxiv.org/abs/2204.02311', 'https://arxiv.org/abs/1211.5063'],
  atMost: 'likely',
  isHarmless: false,

  recognise({ rule, trend }) {
    const rises = risesIn(trend)
    if (rule !== 'non-finite' || rises.length === 0) return null
    const sentences = rises.map(({ sentence }) => sentence.replace(/^T/, 't').replace(/\.$/, ''))
    return {
      why: `Before it, ${sentences.join(' and ')}.`,
      confidence: 'likely',
      evidence: rises.map(({ evidence }) => evidence),
    }
  },
} as const satisfies CauseEntry
