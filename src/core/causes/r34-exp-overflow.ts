import { isFinite, toNumber } from '../../protocol/value.ts'
import { phaseOf } from '../records/fields.ts'
import { wordSet, wordsOf } from '../records/name-words.ts'
import type { Circumstances, Recognition } from './circumstances.ts'
import type { CauseEntry } from './entry.ts'
import { short } from './number-wording.ts'

/** ln of the largest number of each type: its exponential is the last that is finite. */
const FLOAT32_LIMIT_NATS = 88.72283905206835
const FLOAT64_LIMIT_NATS = 709.782712893384
/** The largest number of a float16. */
const FLOAT16_MAX = 65_504

/** What an update of a policy exponentiates the difference of two logarithms for. */
const OF_UPDATE = wordSet('ratio kl kld approxkl policy pg surrogate actor importance')

/** R34: recognised by a perplexity beside its loss, by the terms of a policy's update, and by the search over predictions. */
export const expOverflow = {
  number: 34,
  name: 'exp-overflow',
  title: 'The exponential of a loss or of a log-ratio overflows',
  what: 'exp(x) is infinite from x = 88.7 on in float32 and from 709.8 on in float64: so is a perplexity of a loss that is above, and the ratio or the divergence of two policies that have come far apart.',
  signs:
    'A perplexity is inf beside a finite loss; or in a run of a policy a KL divergence, a ratio or the loss of the policy is inf while the rewards are as before.',
  fix:
    'Clamp the argument before exp: a loss to 20 for its perplexity, a log-ratio of two policies to ±20. ' +
    'Then look at what made it so large: where it is a log-ratio, compare the two policies on the batch of that step.',
  inCode: {
    PyTorch: 'ratio = (logp - old_logp).clamp(-20, 20).exp()\nppl = math.exp(min(loss, 20))  # for the log only',
    'TensorFlow and Keras': 'ratio = tf.exp(tf.clip_by_value(logp - old_logp, -20.0, 20.0))',
    'JAX and optax': 'ratio = jnp.exp(jnp.clip(logp - old_logp, -20, 20))',
    NumPy: 'ppl = np.exp(min(loss, 20.0))',
  },
  confirm: 'Log the largest argument of the exp: it is above 88.7 (11.1 in float16, 709.8 in float64) at that step.',
  links: [
    'https://docs.pytorch.org/docs/stable/generated/torch.exp.html',
    'https://github.com/huggingface/trl/issues/3015',
  ],
  atMost: 'strong',
  isHarmless: false,

  recognise(circumstances) {
    if (circumstances.rule !== 'non-finite') return null
    return ofPerplexity(circumstances) ?? ofPolicy(circumstances) ?? ofTerms(circumstances)
  },
} as const satisfies CauseEntry

/** A perplexity that is infinite beside the finite loss that it is the exponential of. */
function ofPerplexity({ at, trend }: Circumstances): Recognition | null {
  if (at.role !== 'perplexity' || at.value !== 'Infinity') return null
  const losses = phaseOf(at.metric) === 'validation' ? (trend.validationLoss ?? []) : trend.loss
  const beside = at.step === null ? losses.slice(-1) : losses.filter(({ step }) => step === at.step)
  const loss = beside.findLast(({ value }) => isFinite(value) && value > FLOAT32_LIMIT_NATS)
  if (loss === undefined) return null
  const [type, limit] =
    toNumber(loss.value) > FLOAT64_LIMIT_NATS ? ['float64', FLOAT64_LIMIT_NATS] : ['float32', FLOAT32_LIMIT_NATS]
  return {
    why: `${at.metric} is the exponential of a loss, and ${loss.metric} is ${short(loss.value)}: exp overflows ${type} from ${short(limit)} on. The loss itself is finite; look at why it is so high.`,
    confidence: 'strong',
    evidence: [
      { name: loss.metric, value: toNumber(loss.value) },
      { name: 'limit', value: limit },
    ],
  }
}

/** An infinite loss whose terms are finite, and their sum far from any overflow: one of them is above what exp can take. */
function ofTerms({ at, terms }: Circumstances): Recognition | null {
  if (at.value !== 'Infinity' || terms === undefined || !terms.isSum || terms.lost.length > 0) return null
  const values = terms.kept.map(({ value }) => toNumber(value))
  const large = terms.kept.find(({ kind, value }) => kind === 'cross-entropy' && toNumber(value) > FLOAT32_LIMIT_NATS)
  if (large === undefined || values.reduce((sum, value) => sum + Math.abs(value), 0) > FLOAT16_MAX) return null
  return {
    why: `The terms beside it are finite, and their sum is far from any overflow; but ${large.metric} is ${short(toNumber(large.value))}, and exp of that is infinite in float32.`,
    confidence: 'likely',
    evidence: [{ name: large.metric, value: toNumber(large.value) }],
  }
}

/** A loss that is not finite beside an infinite divergence, ratio or loss of a policy. A NaN may come from anywhere. */
function ofPolicy({ at, terms }: Circumstances): Recognition | null {
  if (terms?.isOfPolicy !== true) return null
  const infinite = [at, ...terms.lost].filter(
    ({ metric, value }) => value === 'Infinity' && wordsOf(metric).some((word) => OF_UPDATE.has(word)),
  )
  const names = infinite.map(({ metric }) => metric)
  if (names.length === 0) return null
  return {
    why: `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} infinite and not NaN, as the exponential of the difference of two log-probabilities is that exceeds 88.7: the policy stands far from the one that it is compared with.`,
    confidence: 'likely',
    evidence: infinite.map(({ metric, value }) => ({ name: metric, value })),
  }
}
