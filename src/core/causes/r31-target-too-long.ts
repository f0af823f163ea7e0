import { isLossRole } from '../records/fields.ts'
import type { CauseEntry } from './entry.ts'

/** R31: recognised by a target that has more labels than its input has frames. */
export const targetTooLong = {
  number: 31,
  name: 'target-too-long',
  title: 'A target that is longer than its input',
  what: 'CTC needs a frame for each label of a target, and one more between two that are equal. Where the input has fewer there is no alignment: the probability of the target is 0, and its loss infinite.',
  signs:
    'The loss is inf, and a target of its batch has more labels, and pairs of equal neighbours, than the predictions have frames.',
  fix: 'Leave out the samples whose target does not fit, let the model keep more frames (less striding or pooling), or set zero_infinity=True, which takes them out of the gradient.',
  inCode: {
    PyTorch:
      'ok = target_lengths + (targets[:, 1:] == targets[:, :-1]).sum(1) <= input_lengths  # padding left out\nloss = nn.CTCLoss(zero_infinity=True)(log_probs, targets, input_lengths, target_lengths)',
    'TensorFlow and Keras': 'dataset = dataset.filter(lambda x, y: tf.size(y) + repeats(y) <= frames(x))',
    'JAX and optax': 'loss = jnp.where(fits, optax.ctc_loss(logits, logit_pad, labels, label_pad), 0.0)',
  },
  confirm:
    'Count the labels of the row that is named here, and its pairs of equal neighbours: the sum is above the frames.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html'],
  atMost: 'strong',
  isHarmless: false,

  /** An infinity is what such a target gives. A NaN may have come from elsewhere. */
  recognise({ rule, at, batch }) {
    const target = batch?.symptoms.longTarget
    if (rule !== 'non-finite' || target === undefined || !(isLossRole(at.role) || at.role === 'grad_norm')) return null
    const { row, length, repeats, frames } = target
    const between = repeats === 0 ? '' : `, and ${repeats} more between equal neighbours`
    return {
      why: `Row ${row} has a target of ${length} labels, which needs ${length} frames${between}, and the predictions have ${frames}: no alignment fits, and −log(0) = ∞.`,
      confidence: at.value === 'Infinity' ? 'strong' : 'likely',
      evidence: [
        { name: 'row', value: row },
        { name: 'labels', value: length },
        { name: 'equalNeighbours', value: repeats },
        { name: 'frames', value: frames },
      ],
    }
  },
} as const satisfies CauseEntry
