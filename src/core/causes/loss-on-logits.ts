/** The fix that the causes R1 and R2 share, in one line: let the framework take the logarithm. */
export const USE_LOSS_ON_LOGITS =
  "Use the framework's loss on logits (torch F.cross_entropy or BCEWithLogitsLoss, Keras from_logits=True, " +
  'jax.nn.log_softmax), or clip the probabilities before the log with an ε that survives in your dtype (1e-7 in float32).'

/** The loss on logits as code, by framework. */
export const LOSS_ON_LOGITS = {
  PyTorch: 'loss = F.cross_entropy(logits, labels)  # or F.binary_cross_entropy_with_logits(logits, targets)',
  'TensorFlow and Keras':
    'loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # the last layer has no activation',
  'JAX and optax': 'loss = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()',
} as const

/** The loss on logits in NumPy, which has none of its own. */
export const LOG_SUM_EXP =
  'logp = logits - scipy.special.logsumexp(logits, axis=1, keepdims=True)\nloss = -logp[np.arange(n), labels].mean()'
