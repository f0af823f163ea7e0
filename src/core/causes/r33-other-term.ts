import { isFinite, toNumber } from '../../protocol/value.ts'
import type { TermKind } from '../records/loss-terms.ts'
import { wasHarmless } from './broken-before.ts'
import type { Circumstances, Point } from './circumstances.ts'
import type { CauseEntry } from './entry.ts'
import { risesIn } from './rises.ts'

/** More terms than this break together where the weights are broken. */
const FEW_TERMS = 2
/** The logged cross-entropy is that of the logged predictions within this share of it. */
const SAME_SHARE = 1e-3

/** R33: recognised by the other values of the record. */
export const otherTerm = {
  number: 33,
  name: 'other-term',
  title: 'A term beside the cross-entropy is not finite',
  what: 'The loss is a sum, and one of its terms (a divergence, an entropy, a dice loss, a penalty) is NaN or infinite, while the others are finite.',
  signs: 'In the record of the loss one or two parts are not finite, and the others are as before.',
  fix:
    'Look at how that term is computed: guard its logarithm, exponential, division or square root, as p · log(p) at p = 0, ' +
    'or 0/0 where nothing is counted. With its weight at 0 the loss is finite.',
  inCode: {
    PyTorch:
      'entropy = torch.special.entr(p).sum(-1)  # 0 at p = 0\ndice = 1 - (2 * overlap + 1) / (total + 1)  # 0/0 where both are empty',
    'TensorFlow and Keras': 'entropy = -tf.math.xlogy(p, p)\ndice = 1 - tf.math.divide_no_nan(2 * overlap, total)',
    'JAX and optax': 'entropy = jax.scipy.special.entr(p).sum(-1)',
    NumPy: 'entropy = scipy.special.entr(p).sum(-1)',
  },
  confirm: 'Compute each term by itself on the batch of that step: only the named one is not finite.',
  links: ['https://docs.pytorch.org/docs/stable/special.html#torch.special.entr'],
  atMost: 'strong',
  isHarmless: false,

  recognise(circumstances) {
    const { rule, batch, terms } = circumstances
    if (rule !== 'non-finite' || terms === undefined || !terms.isSum) return null
    // Where the loss or the gradients ran away before, a square of the weights only overflows sooner than the rest.
    if (ranAwayBefore(circumstances)) return null
    const lost = terms.lost.filter(({ metric }) => !wasHarmless(metric, circumstances.at.metric, circumstances))
    // A term of 0 may be one that is switched off.
    const kept = terms.kept.filter(({ value }) => value !== 0)
    if (lost.length === 0 || lost.length > FEW_TERMS) return null
    const isLost = (kind: TermKind) => lost.some((term) => term.kind === kind)
    if (isLost('cross-entropy') && !kept.some(({ kind }) => kind === 'cross-entropy')) return null
    if (batch === null ? kept.length === 0 : !isFinite(batch.symptoms.crossEntropy)) return null
    const isSound = isRecomputed(circumstances)
    return {
      why: `The loss is a sum, and it is not finite because that is not. The rest of it is, so the weights and the predictions were still sound${isSound ? ': recomputed from the predictions the cross-entropy is the same' : ''}.`,
      confidence: lost.length === 1 && isSound ? 'strong' : 'likely',
      evidence: [...lost, ...kept].map(({ metric, value }) => ({ name: metric, value })),
    }
  },
} as const satisfies CauseEntry

function ranAwayBefore({ at, trend }: Circumstances): boolean {
  const before = (points: readonly Point[]) => points.filter(({ step }) => step === null || step !== at.step)
  const rises = risesIn({ ...trend, loss: before(trend.loss), gradNorm: before(trend.gradNorm) })
  return rises.some(({ of }) => of !== 'learning rate')
}

/** Whether the logged cross-entropy is what the predictions give. */
function isRecomputed({ batch, terms }: Circumstances): boolean {
  const recomputed = toNumber(batch?.symptoms.crossEntropy ?? 'NaN')
  return (terms?.kept ?? []).some(
    ({ kind, value }) =>
      kind === 'cross-entropy' && Math.abs(toNumber(value) - recomputed) <= SAME_SHARE * Math.abs(recomputed),
  )
}
