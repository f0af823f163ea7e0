import type { CauseEntry } from './entry.ts'

/** R38: found by the search over predictions, where the losses follow each other and no way of computing gives them. */
export const otherPredictions = {
  number: 38,
  name: 'other-predictions',
  title: 'The predictions are not those of the loss',
  what: 'The logged predictions are of another moment (after the optimizer step, or the last batch of an epoch whose mean is the loss), of another mode (evaluation instead of training, other dropout), or of a part of the batch.',
  signs: 'The reported and the recomputed loss rise and fall together, and differ by a little each time.',
  fix: 'Log the predictions from which the loss was computed, all rows of them, before the optimizer step.',
  inCode: {
    PyTorch:
      'logits = model(x); loss = F.cross_entropy(logits, y)\nlog(loss=loss.item(), logits=logits.detach(), labels=y)',
    'JAX and optax': '(loss, logits), grads = jax.value_and_grad(loss_of, has_aux=True)(params, batch)',
  },
  confirm: 'Recompute the loss from the logged predictions in the job itself.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval'],
  atMost: 'weak',
  isHarmless: true,

  why() {
    return 'The two rise and fall together, so the predictions may be of another moment, of another mode, or of a part of the batch; or the labels may be mixed, or the loss another one.'
  },
} as const satisfies CauseEntry
