import { isFinite } from '../../protocol/value.ts'
import { isLossRole } from '../records/fields.ts'
import { wordsOf } from '../records/name-words.ts'
import { wasHarmless } from './broken-before.ts'
import type { Circumstances } from './circumstances.ts'
import type { CauseEntry } from './entry.ts'
import { short } from './number-wording.ts'

/** What a weight is one of that is counted from the data, and not learned: `pos_weight`. */
const OF_DATA: readonly string[] = ['pos', 'positive', 'neg', 'negative', 'class', 'sample']

/**
 * R29: found by the search over predictions, from the weights in the record or those that the losses before have shown;
 * one number that weighs a class is recognised beside the loss.
 */
export const badWeights = {
  number: 29,
  name: 'bad-weights',
  title: 'Weights that are NaN or infinite, or sum to 0',
  what: 'The loss weighs rows or classes, and the weights of this batch are NaN or infinite, or sum to 0: whatever is divided by their sum is no number.',
  signs:
    'The predictions and the labels are sound, the losses before were weighted means, and the weights of this batch make 0/0, or are no numbers themselves.',
  fix:
    'Compute class weights from counts that cannot be 0 (n / (K · max(count, 1))), and leave a batch out whose weights ' +
    'sum to 0, or divide by max(Σw, 1e-8).',
  inCode: {
    PyTorch:
      'w = n / (K * counts.clamp(min=1))\nloss = (w * F.cross_entropy(z, y, reduction="none")).sum() / w.sum().clamp(min=1e-8)',
    'TensorFlow and Keras': 'w = tf.math.divide_no_nan(n, K * counts)',
    'JAX and optax': 'loss = (w * losses).sum() / jnp.maximum(w.sum(), 1e-8)',
    'scikit-learn': 'assert np.isfinite(sample_weight).all() and sample_weight.sum() > 0',
    NumPy: 'loss = (w * losses).sum() / max(w.sum(), 1e-8)',
  },
  confirm: 'Print the weights of this batch and their sum.',
  links: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html'],
  // A NaN has no digits: another one may have come from elsewhere.
  atMost: 'strong',
  isHarmless: false,

  recognise(circumstances) {
    const { batch, trend } = circumstances
    const loss = lostLoss(circumstances)
    if (loss === null) return null
    const weights = Object.keys(trend.brokenSince ?? {}).filter(isWeightOfData)
    const weight = weights.find((metric) => !wasHarmless(metric, loss, circumstances))
    if (weight === undefined || (batch !== null && !isFinite(batch.symptoms.crossEntropy))) return null
    const isSound = batch !== null
    return {
      why: `${weight} is not finite in the same record, and whatever is multiplied by it is not either${isSound ? `; without weights this batch costs ${short(batch.symptoms.crossEntropy)}` : ''}.`,
      confidence: isSound ? 'strong' : 'likely',
      evidence: [{ name: weight, value: 'not finite' }],
    }
  },

  why({ computedAs, symptoms: { crossEntropy } }) {
    return `The predictions and the labels are sound, and unweighted this batch costs ${short(crossEntropy)}: ${computedAs ?? 'the weights are no numbers, or sum to 0'}.`
  },
} as const satisfies CauseEntry

/** The loss that is not finite: the one that the finding is about, or that beside a weight which is not finite. */
function lostLoss({ rule, at, trend }: Circumstances): string | null {
  if (rule !== 'non-finite') return null
  if (isLossRole(at.role)) return at.metric
  const last = trend.loss.at(-1)
  const isBeside = isWeightOfData(at.metric) && last !== undefined && last.step === at.step && !isFinite(last.value)
  return isBeside ? last.metric : null
}

function isWeightOfData(metric: string): boolean {
  const words = wordsOf(metric)
  return (words.at(-1) === 'weight' || words.at(-1) === 'weights') && words.some((word) => OF_DATA.includes(word))
}
