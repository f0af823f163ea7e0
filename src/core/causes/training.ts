import type { CauseEntry } from './entry.ts'

/** R24, R25: the training itself, as its losses and gradients show it. */
export const TRAINING: readonly CauseEntry[] = [
  {
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
  },
  {
    number: 25,
    name: 'bad-batch',
    title: 'A bad batch',
    what: 'One batch holds wrong labels or odd inputs: the loss jumps for a step and comes back.',
    signs: 'A spike of one or two steps; in another run that reads the data in the same order, at the same step.',
    fix: 'Look at the samples of that step, and skip or repair them.',
    inCode: {
      PyTorch: 'print(sampler.indices[step * batch_size:(step + 1) * batch_size])',
      'TensorFlow and Keras': 'batch = next(iter(dataset.skip(step).take(1)))',
    },
    confirm: 'Run the steps around it again without that batch: the spike is gone.',
    links: ['https://arxiv.org/abs/2204.02311'],
  },
]
