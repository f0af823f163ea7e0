import type { CauseEntry } from './entry.ts'
import { LOG_SUM_EXP, LOSS_ON_LOGITS } from './loss-on-logits.ts'

/** R6: found by the search over predictions, where logits are logged. */
export const logOfSoftmax = {
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
  atMost: 'proven',
  isHarmless: false,
} as const satisfies CauseEntry
