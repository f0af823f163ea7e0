import type { CauseEntry } from './entry.ts'

const LOSS_ON_LOGITS = {
  PyTorch: 'loss = F.cross_entropy(logits, labels)  # or F.binary_cross_entropy_with_logits(logits, targets)',
  'TensorFlow and Keras':
    'loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # the last layer has no activation',
  'JAX and optax': 'loss = optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()',
} as const

const LOG_SUM_EXP =
  'logp = logits - scipy.special.logsumexp(logits, axis=1, keepdims=True)\nloss = -logp[np.arange(n), labels].mean()'

/** R1–R6: a logarithm or an exponential met a number that its type cannot survive. */
export const LOGARITHMS: readonly CauseEntry[] = [
  {
    number: 1,
    name: 'log-zero',
    title: 'Logarithm of a probability of 0',
    what: 'The true class got a probability of exactly 0, and −log(0) is ∞. The NaN comes one step later: the gradient −1/p is infinite, and ∞·0 = NaN reaches the weights.',
    signs: 'The loss is inf, and some row of its batch has a probability of exactly 0 for the true class.',
    fix:
      "Use the framework's loss on logits (torch F.cross_entropy or BCEWithLogitsLoss, Keras from_logits=True, " +
      'jax.nn.log_softmax), or clip the probabilities before the log with an ε that survives in your dtype (1e-7 in float32).',
    inCode: {
      ...LOSS_ON_LOGITS,
      'scikit-learn': 'log_loss(y, p)  # 1.3 and newer clip to the ulp of the dtype of p',
      NumPy: LOG_SUM_EXP,
    },
    confirm: 'Print p[range(n), labels].min() just before the loss: it is 0 at the step that fails.',
    links: [
      'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
      'https://optax.readthedocs.io/en/latest/api/losses.html',
    ],
  },
  {
    number: 2,
    name: 'zero-times-log-zero',
    title: '0 · log(0) in a loss that multiplies',
    what: 'A loss written as a sum of target × log(p) meets a class with target 0 and probability 0, and 0·(−∞) is NaN. It happens when the model is right.',
    signs: 'The loss is NaN, the predictions are finite, and a class without weight has a probability of exactly 0.',
    fix:
      "Use the framework's loss on logits (torch F.cross_entropy or BCEWithLogitsLoss, Keras from_logits=True, " +
      'jax.nn.log_softmax), or clip the probabilities before the log with an ε that survives in your dtype (1e-7 in float32).',
    inCode: {
      ...LOSS_ON_LOGITS,
      PyTorch: 'loss = F.cross_entropy(logits, labels)  # or -torch.special.xlogy(targets, p).sum(1).mean()',
      'JAX and optax':
        'safe = jnp.where(targets > 0, p, 1.0)  # guard the input of the log: its gradient is then finite, too\nloss = -(targets * jnp.log(safe)).sum(1).mean()',
      NumPy: 'loss = -scipy.special.xlogy(targets, p).sum(axis=1).mean()',
    },
    confirm: 'Replace target * log(p) by xlogy(target, p): the same batch gives a finite loss.',
    links: ['https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.xlogy.html'],
  },
  {
    number: 3,
    name: 'clip-lost-in-float32',
    title: 'The upper end of the clip is rounded away',
    what: 'The loss clips to [ε, 1 − ε], and 1 − ε rounds to 1: below 3.0e-8 in float32, 2.5e-4 in float16 and 2.0e-3 in bfloat16. A sure prediction then meets log(1 − 1), and 0·(−∞) is NaN just when the model becomes right.',
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
  },
  {
    number: 4,
    name: 'epsilon-lost-in-float16',
    title: 'ε is 0 in float16',
    what: 'The smallest float16 is 6.0e-8, and an ε of less than half of it is 0: the clip, or the log(p + ε), does nothing at all.',
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
  },
  {
    number: 5,
    name: 'softmax-overflow',
    title: 'A softmax that does not take the largest logit away',
    what: 'exp(z) overflows at 88.7 in float32 and at 11.1 in float16, and ∞/∞ is NaN. A softmax that subtracts the largest logit first cannot overflow.',
    signs: 'Logits beyond the limit, or rows of probabilities with a NaN at one class and exact zeros at the others.',
    fix: 'Use log_softmax or logsumexp of the framework, which subtract the largest logit first.',
    inCode: {
      PyTorch: 'logp = F.log_softmax(logits, dim=-1)',
      'TensorFlow and Keras': 'logp = tf.nn.log_softmax(logits)',
      'JAX and optax': 'logp = jax.nn.log_softmax(logits)',
      NumPy: LOG_SUM_EXP,
    },
    confirm: 'Subtract logits.max(-1, keepdim=True) before exp: the same batch gives finite probabilities.',
    links: ['https://docs.jax.dev/en/latest/_autosummary/jax.nn.log_softmax.html'],
  },
  {
    number: 6,
    name: 'log-of-softmax',
    title: 'Logarithm of a softmax that underflowed',
    what: 'A softmax of logits that are 104 apart is exactly 0 in float32 (17 in float16), though its logarithm, computed in one step, would be an ordinary number. The gradient is NaN.',
    signs: 'Logits are logged, their log-softmax is finite, and the loss of the job is inf or NaN.',
    fix: 'Take log_softmax of the logits in one step, or the loss that takes logits.',
    inCode: {
      PyTorch: 'loss = F.nll_loss(F.log_softmax(logits, dim=-1), labels)  # that is F.cross_entropy',
      'TensorFlow and Keras': LOSS_ON_LOGITS['TensorFlow and Keras'],
      'JAX and optax': LOSS_ON_LOGITS['JAX and optax'],
      NumPy: LOG_SUM_EXP,
    },
    confirm: 'Compare log(softmax(z)) with log_softmax(z) on the logged logits: only the first is infinite.',
    links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html'],
  },
]
