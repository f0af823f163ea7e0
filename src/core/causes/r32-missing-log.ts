import type { CauseEntry } from './entry.ts'
import { comparedLosses } from './explained-loss.ts'

const WHAT =
  'A loss that takes log-probabilities got probabilities or logits: it is linear in them, falls below 0, and its gradient does not grow where the model is surely wrong.'

/** R32: found by the search over predictions. */
export const missingLog = {
  number: 32,
  name: 'missing-log',
  title: 'A loss of log-probabilities without the logarithm',
  what: WHAT,
  signs:
    'The loss is the mean of −p or of −z at the true class, or Σ t (ln t − p): it is negative, or falls without end.',
  fix: 'Give nll_loss and kl_div the output of log_softmax, or use the loss that takes logits.',
  inCode: {
    PyTorch:
      'loss = F.cross_entropy(logits, labels)  # or F.nll_loss(logits.log_softmax(-1), labels)\nloss = F.kl_div(logits.log_softmax(-1), targets, reduction="batchmean")',
    'TensorFlow and Keras': 'keras.losses.KLDivergence()  # takes probabilities, and takes the logarithm itself',
    'JAX and optax': 'loss = optax.kl_divergence(jax.nn.log_softmax(logits), targets).mean()',
    NumPy: 'loss = -scipy.special.log_softmax(logits, axis=1)[np.arange(n), labels].mean()',
  },
  confirm: 'Print the largest input of the loss: a log-probability is never above 0.',
  links: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html',
  ],
  atMost: 'proven',
  isHarmless: false,

  why(loss) {
    return `${WHAT} ${comparedLosses(loss)}`.trim()
  },
} as const satisfies CauseEntry
