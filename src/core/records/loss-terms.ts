import type { Role } from '../../protocol/sample.ts'
import { isLossRole, lossKindOf, phaseOf } from './fields.ts'
import { wordSet, wordsOf } from './name-words.ts'

/**
 * What of a sum a value beside a loss may be: its cross-entropy, another term, or by its word a term or a measure. A
 * measure may be finite where all else is NaN.
 */
export type TermKind = 'cross-entropy' | 'other' | 'term or measure'

/** Words of a cross-entropy by its name. */
const CROSS_ENTROPIES = wordSet('ce xent crossentropy nll lm mlm clm ctc cls classification clf softmax bce logloss')
/** Those that mean nothing else. */
const PLAIN_CROSS_ENTROPIES = wordSet('ce xent crossentropy nll bce logloss')
/** Words of what is added to a loss and is no loss by its name. */
const TERMS = wordSet(
  'dice aux auxiliary reg regularizer regularization penalty commit commitment vq codebook jsd tv ratio kld',
)
/** Words of the other half of the loss of an autoencoder. */
const RECONSTRUCTIONS = wordSet('recon recons reconst reconstr reconstruct reconstruction')
/** The same, or a recall. */
const SHORT_RECONSTRUCTIONS = wordSet('rec lrec')
const DIVERGENCES = wordSet('kl kld kldiv')
const OF_CLASSES = wordSet('prec precision p f1 ap map')
/** Words that make a name one of a setting or of a spread, and not of a term. */
const NO_TERMS = wordSet(
  'coef coeff coeffs coefficient weight weights scale lambda beta lr rate time count num grad norm gradient min max std var frac clip clipped',
)

/**
 * Which term of the loss of the same record a metric may be; null where it is none. One that is lost with the loss, and no
 * setting, may be one under any name.
 */
export function termKindOf(metric: string, role: Role, isLost = false): TermKind | null {
  const words = wordsOf(metric)
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word))
  const isCrossEntropy = has(CROSS_ENTROPIES)
  if (isLossRole(role)) return isCrossEntropy ? 'cross-entropy' : null
  if (role === 'loss_part') return isCrossEntropy ? 'cross-entropy' : 'other'
  if (role === 'kl' || role === 'entropy') return 'other'
  if (role !== 'other' || has(NO_TERMS)) return null
  if (isCrossEntropy) return 'cross-entropy'
  if (lossKindOf(metric) === 'error' || has(RECONSTRUCTIONS)) return 'other'
  return has(TERMS) || isLost ? 'term or measure' : null
}

/** Whether a metric is the other half of the loss of an autoencoder: `rec`, where a divergence stands beside it and no precision. */
export function isReconstruction(metric: string, beside: readonly string[]): boolean {
  if (!wordsOf(metric).some((word) => SHORT_RECONSTRUCTIONS.has(word))) return false
  const words = beside.flatMap(wordsOf)
  return words.some((word) => DIVERGENCES.has(word)) && !words.some((word) => OF_CLASSES.has(word))
}

/** Whether a part of a loss is its cross-entropy, whatever is added to it. */
export function isPlainCrossEntropy(metric: string): boolean {
  return wordsOf(metric).some((word) => PLAIN_CROSS_ENTROPIES.has(word))
}

/** Whether two metrics are of the same data: both of training, or both of held-out data. */
export function areOfOnePhase(one: string, other: string): boolean {
  return (phaseOf(one) === 'validation') === (phaseOf(other) === 'validation')
}

/** Whether a metric is one of learning from preferences, where a policy learns without a reward of its own. */
export function isOfPreferences(metric: string): boolean {
  return wordsOf(metric).some((word) => word === 'chosen' || word === 'rejected')
}
