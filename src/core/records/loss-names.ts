import type { Role } from '../../protocol/sample.ts'
import { isPhase, ONE_WORD, type Phase, wordSet, wordsOf } from './name-words.ts'
import { policyRoleOf } from './policy-roles.ts'

/**
 * What of the loss a name speaks of: all of it; a part, such as `loss_D`; the same in another unit, as a perplexity or an
 * objective to be raised; an error, such as `mse`, which is a measure beside any of these; or a player of a GAN, as in
 * `D_real`, or a policy and its values, by one word each.
 */
export type LossKind = 'whole' | 'part' | 'unit' | 'error' | 'player'

/** Words that name a loss. */
const LOSSES = wordSet('loss losses logloss mlogloss cost trl tel')
/** Kinds of loss that are a name by themselves and may stand before `loss`. */
const LOSS_KINDS = wordSet('nll crossentropy ce xent')
/** The loss in bits per byte, character, dimension or token, or as its exponential. */
const OTHER_UNITS = wordSet('bpb bpc bpd bpt ppl perplexity')
const PERPLEXITIES = wordSet('ppl perplexity')
/** What is raised in place of a loss that is lowered: `objf`, `ELBO`. */
const OBJECTIVE_NAMES = wordSet('objf obj objective elbo')
/** Measures that are the loss where a log has no other. */
const ERRORS = wordSet(
  'mse rmse rms mae mape rmsle l1 l2 bce huber focal hinge nce infonce triplet contrastive chamfer bpr deviance charbonnier nelbo misfit',
)
/** Words before `error` that make it one of these: `mean_squared_error`. */
const KINDS_OF_ERROR = wordSet('squared square absolute log logarithmic')
/** Words beside `loss` that make a name one of something else: `loss_rate`, `losses/explained_variance`. */
const NO_LOSSES = wordSet(
  'fn function type name scale scaler norm gnorm gradnorm grad gradient gradients lr rate time times seconds sec ms count num ' +
    'number ratio frac fraction percent std var variance stddev deviation patience improvement change drop gap coeff coeffs coefs ' +
    'coefficient lambda weights nan nans inf infs skipped skip accuracy acc precision recall',
)
/** What costs time, by the word before `cost`. */
const COSTS_TIME =
  /^(?:batch|time|reader|read|reading|data|dataloader|loader|loading|io|comm|communication|preprocess|postprocess|infer|inference|forward|backward)$/
const NANS = wordSet('nan nans')
/** The players of a GAN, where they stand by themselves: `D_real`, `G_GAN`. */
const PLAYERS = wordSet('d g')
/** What the losses of a policy and of its values are called by one word each. */
const ACTORS = wordSet('pg pi policy actor')
const CRITICS = wordSet('vf v q value critic')
/** Who plays together: where one side has a loss, the other has one too. */
export const SIDES_OF_PLAYERS: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[] = [
  [wordSet('d'), wordSet('g')],
  [ACTORS, CRITICS],
]
/** Words that say which loss the whole objective is, and do not name a part of it. */
const OBJECTIVES = wordSet('lm mlm bce mse ctc softmax binary multi categorical sparse')
/** Words that say over what a loss was taken. */
const SPANS = wordSet(
  'avg average avr mean epoch batch minibatch mini step iter iteration running moving mov total tot global current overall smoothed ' +
    'smooth reduced accumulated accum acc ema ma raw per token sample samples set model metric metrics',
)
/** What joins a loss and what it was taken over: `loss on the test set`. */
const OVER = wordSet('on over for in of the data dataset split')
/** Words of a setting, or of a value from the past: `max_grad_norm`, `warmup_lr`, `best_val_loss`. */
const SETTINGS = wordSet(
  'best lowest highest min max target prev previous initial init base peak start end final warmup decay factor clip ' +
    'clipping threshold thresh limit tolerance tol weight coef',
)
/** Those of them that a loss may be called by, where the name ends with that: `clip_loss`, `start_loss`. */
const OF_LOSSES = wordSet('clip clipping start end')

/** Words of a loss that was logged before, or that ends a training, which may be parts of one: `stop_loss` of speech. */
const MAY_BE_SETTINGS = wordSet(
  'last stop stopping early saved old record worst optimal optimum ref reference bound goal',
)

/** The role of a loss of this kind. */
export function roleOfLoss(words: readonly string[], kind: LossKind, phase: Phase | null): Role {
  if (kind === 'whole') return phase === 'validation' ? 'val_loss' : 'train_loss'
  if (kind === 'part') return 'loss_part'
  if (kind !== 'unit') return 'other'
  if (words.some((word) => PERPLEXITIES.has(word))) return 'perplexity'
  return words.some((word) => OBJECTIVE_NAMES.has(word)) ? 'objective' : 'other'
}

/** What of the loss the words of a name speak of; null where of none. */
export function lossKindOfWords(words: readonly string[], name: string): LossKind | null {
  const own = name.includes('/') ? wordsOf(name.slice(name.lastIndexOf('/') + 1)) : words
  const last = own.at(-1) ?? ''
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word))
  const isEnded = LOSSES.has(last)
  if (words.some((word) => SETTINGS.has(word) && !(isEnded && OF_LOSSES.has(word)))) return null
  // `the nan said loss = nan`, `steps with nan loss: 3`
  if (words[0] === 'inf' || has(NANS)) return null
  // PaddlePaddle calls the seconds that a batch takes its cost.
  if (words.some((word, index) => word === 'cost' && COSTS_TIME.test(words[index - 1] ?? ''))) return null
  // `loss/value` is that of a value function.
  const isOfValue = own !== words && own.length === 1 && own[0] === 'value'
  if ((isWholeLoss(words) && !isOfValue) || isWholeLoss(own)) return 'whole'
  if (!isEnded && own.some((word) => NO_LOSSES.has(word))) return null
  const isNamed = own.some((word) => LOSSES.has(word))
  // `losses/entropy` is what the folder of all losses holds beside them.
  if (!isNamed && policyRoleOf(words) !== null) return null
  if (has(LOSSES) || LOSS_KINDS.has(last) || (own[0] === 'l' && ONE_WORD.test(own[1] ?? ''))) return 'part'
  if (has(OTHER_UNITS) || (OBJECTIVE_NAMES.has(last) && policyRoleOf(words) === null)) return 'unit'
  if (ERRORS.has(kindWordOf(own))) return 'error'
  if ((last === 'error' && KINDS_OF_ERROR.has(own.at(-2) ?? '')) || isPlainError(own)) return 'error'
  if (words.length === 1 && (ACTORS.has(last) || CRITICS.has(last))) return 'player'
  return PLAYERS.has(own[0]!) || PLAYERS.has(last) ? 'player' : null
}

/** Of which domain the loss of an adaptation from one to another is; null where the words are of none. */
export function domainOfLoss(words: readonly string[]): 'source' | 'target' | null {
  if (!LOSSES.has(words.at(-1) ?? '')) return null
  if (words.includes('source')) return 'source'
  return words.includes('target') && !words.some((word) => word !== 'target' && SETTINGS.has(word)) ? 'target' : null
}

/** Whether these are the words of a loss of the whole objective. */
function isWholeLoss(words: readonly string[]): boolean {
  let isNamed = false
  let isEnded = false
  for (const [index, word] of words.entries()) {
    const isLoss: boolean = LOSSES.has(word) && !isEnded
    const isKind = LOSS_KINDS.has(word) && !isEnded
    const isPlain = SPANS.has(word) || isPhase(word) || isNumbered(words, index)
    const isQualifier = isEnded ? word === 'value' || OVER.has(word) : OBJECTIVES.has(word)
    if (!isLoss && !isKind && !isPlain && !isQualifier) return false
    isNamed ||= isLoss || isKind
    isEnded ||= isLoss
  }
  return isNamed
}

/** Whether the words are those of an error of no kind: `error`, `val_error`, `error on the test set`. */
function isPlainError(words: readonly string[]): boolean {
  const plain = words.filter((word) => !SPANS.has(word) && !isPhase(word) && !OVER.has(word))
  return plain.length === 1 && plain[0] === 'error'
}

/** LightGBM and XGBoost number their sets: `valid_0's binary_logloss`. */
function isNumbered(words: readonly string[], index: number): boolean {
  return /^\d+$/.test(words[index]!) && isPhase(words[index - 1] ?? '')
}

/** The last word that says what is measured, and not over what: `rmse` of `rmse_train` and of `rmse_epoch`. */
function kindWordOf(words: readonly string[]): string {
  return words.findLast((word) => !isPhase(word) && !SPANS.has(word)) ?? ''
}

/** The measure of error, or the loss, that a name speaks of behind all else; null for any other. */
export function measureOf(words: readonly string[]): string | null {
  const last = kindWordOf(words)
  if (isPlainError(words)) return 'error'
  return ERRORS.has(last) || LOSSES.has(last) ? last : null
}

/** Whether a measure of error is among the words, as in `rmse_force`. */
export function holdsError(words: readonly string[]): boolean {
  return words.some((word) => ERRORS.has(word))
}

/** Whether the words are those of a loss that, without a counter, may be a setting or a value from the past. */
export function mayBeSetting(words: readonly string[]): boolean {
  return words.some((word) => MAY_BE_SETTINGS.has(word))
}

/** Whether `word`, in lower case, makes a name that of a setting, or of a value that was logged before. */
export function isSettingWord(word: string): boolean {
  return SETTINGS.has(word)
}
