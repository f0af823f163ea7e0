/** A failure that a file does not show, whoever reads it. */
export interface Unseen {
  /** Where it stays unseen. */
  readonly where: string
  readonly why: string
  /** What shows it instead. */
  readonly instead: string
}

/** What cannot be seen in which file: the framework dropped it before it wrote, and nothing betrays that. */
export const UNSEEN: readonly Unseen[] = [
  {
    where:
      'Hugging Face Trainer with several steps to a line (logging_steps above 1): console, trainer_state.json and event files',
    why: 'the loss of a line is the mean of its steps, from which logging_nan_inf_filter has left out each NaN: one NaN among finite steps changes the mean a little',
    instead:
      'no file of the same job shows it, for all of them hold the same means; logging_nan_inf_filter=False shows it, or logging_steps=1, where a hidden NaN is a loss of exactly 0',
  },
  {
    where: 'Keras on TensorFlow: console, CSVLogger, history and event files',
    why: 'the fused kernels of ReLU turn NaN into 0, so a model whose weights or inputs are NaN has a finite loss near ln K',
    instead:
      'no file of the same job shows it, and tf.keras.callbacks.TerminateOnNaN does not see it either; check the weights, or set TF_ENABLE_ONEDNN_OPTS=0, with which the loss is NaN',
  },
  {
    where: 'Keras, a training that was killed in its first epoch',
    why: 'the bar of an epoch is a record when it ends or turns non-finite, and no line of it was complete',
    instead: 'nothing: there was no loss yet',
  },
  {
    where: 'LightGBM with NaN in the gradients or the labels',
    why: 'no split has a finite gain and the metric stands still, as it does for data that cannot be learned',
    instead: 'the warning of nanwatch that the loss stands still without a split',
  },
  {
    where: 'tables with a confidence only (true_label, pred_label, confidence)',
    why: 'the probability of the true class is not there, so no cross-entropy can be recomputed',
    instead: 'a column for each class',
  },
]
