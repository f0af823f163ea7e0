import type { CauseEntry } from './entry.ts'

/** R25: found by spikes of several runs at one step. */
export const badBatch = {
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
  atMost: 'strong',
  isHarmless: false,
} as const satisfies CauseEntry
