import type { CauseEntry } from './entry.ts'
import { comparedLosses } from './explained-loss.ts'

const WHAT =
  'The validation loss is computed in another way than the training loss, which is what its predictions give: the two cannot be compared.'

/** R37: found by the search over predictions of held-out data, in a job whose training losses are right. */
export const validationDiffers = {
  number: 37,
  name: 'validation-differs',
  title: 'Validation is computed otherwise than training',
  what: WHAT,
  signs: 'The training losses are what their predictions give, and the validation losses are not what theirs give.',
  fix: 'Compute both losses with the same function, over the same kind of rows.',
  inCode: {
    PyTorch: 'def loss_of(batch): ...  # one function, called with model.train() and with model.eval()',
    'JAX and optax': 'val_loss = loss_of(params, batch)  # the function whose gradient is taken',
  },
  confirm: 'Evaluate a training batch by the code of the validation: it must give the training loss.',
  links: ['https://keras.io/getting_started/faq/#why-is-my-training-loss-much-higher-than-my-testing-loss'],
  atMost: 'likely',
  isHarmless: false,

  why(loss) {
    return `${WHAT} ${comparedLosses(loss)}`.trim()
  },
} as const satisfies CauseEntry
