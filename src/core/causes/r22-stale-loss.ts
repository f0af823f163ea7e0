import type { CauseEntry } from './entry.ts'

/** R22: found by the search over predictions, which compares the losses of the batches before. */
export const staleLoss = {
  number: 22,
  name: 'stale-loss',
  title: 'The reported loss is old or smoothed',
  what: 'What is printed belongs to the batch before, or is a running mean; the progress bar of Keras shows the mean since the epoch began.',
  signs: 'Reported is the loss recomputed from the batch before, or the mean of all so far.',
  fix: 'Log the loss of the step itself, beside the mean.',
  inCode: {
    PyTorch: 'log(step, loss.item())  # at the step whose predictions are logged',
    'TensorFlow and Keras': 'loss = model.train_on_batch(x, y, return_dict=True)  # and reset_metrics() before it',
  },
  confirm: 'Compare with the loss at the step after.',
  links: ['https://keras.io/api/callbacks/progbar_logger/'],
  atMost: 'likely',
  isHarmless: true,
} as const satisfies CauseEntry
