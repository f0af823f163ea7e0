import { isPolicyRole, type Role } from '../../protocol/sample.ts'
import { isSureTogether, type TargetHint, targetHintOf } from './moving-targets.ts'
import { inEnglish } from './other-languages.ts'
import { POLICY_WORDS, policyRoleOf } from './policy-roles.ts'

/** What the value under a name is for. */
export type Field =
  | {
      readonly kind: 'step'
      /** Of several step counters in one record the one of the lowest rank is the step. */
      readonly rank: number
      /** Whether the name alone proves a training log: `s` and `batch` do not. */
      readonly isCertain: boolean
    }
  | { readonly kind: 'epoch' }
  | { readonly kind: 'time' }
  | { readonly kind: 'metric'; readonly role: Role }

export type Phase = 'training' | 'validation'

interface Meaning {
  readonly field: Field
  readonly phase: Phase | null
  readonly lossKind: LossKind | null
  readonly targetHint: TargetHint | null
}

/**
 * What of the loss a name speaks of: all of it; a part, such as `loss_D`; the same in another unit, as a perplexity or an
 * objective to be raised; an error, such as `mse`, which is a measure beside any of these; or a player of a GAN, as in
 * `D_real`.
 */
export type LossKind = 'whole' | 'part' | 'unit' | 'error' | 'player'

/** Step counters, the best first: a global one counts on where one in an epoch begins again. */
const CERTAIN_STEPS = [
  'global step',
  'step',
  'current steps',
  'current step',
  'completed step',
  'update step',
  'optimizer step',
  'opt step',
  'gradient step',
  'global iteration',
  'global iter',
  'iteration',
  'iter',
  'num updates',
  'update',
  'step num',
  'global step max steps',
  'cur step',
  'step idx',
  'step index',
  'current iter',
  'current iteration',
  'cur iter',
  'iter num',
  'iter idx',
  'iter id',
]
const LIKELY_STEPS = [
  'steps',
  'it',
  'itr',
  'batch',
  'batch idx',
  'batch index',
  'batch num',
  'minibatch',
  's',
  'up',
  'timesteps',
  'num timesteps',
  'total timesteps',
  'time total timesteps',
  'timestep',
  'batch id',
  'mini batch',
  'iters',
  'itrs',
  'tot itrs',
  'tot iters',
  'total iter',
  'total iters',
  'cur itrs',
  'cur iters',
  'round',
  'episode',
]
const EPOCHS = [
  'epoch',
  'ep',
  'current epoch',
  'epoch num',
  'epoch idx',
  'epoch index',
  'epoch id',
  'epoch no',
  'cur epoch',
  'global epoch',
]
const TIMES = wordSet('time timestamp ts walltime datetime date asctime')
  .add('wall time')
  .add('date time')
  .add('time ms')

const TRAINING = wordSet('train training trainer trn learn')
const VALIDATION = wordSet(
  'val valid validation validate validating eval evaluation evaluate evaluating test testing dev tel',
)
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
const ERRORS = wordSet('mse rmse rms mae mape rmsle l1 l2 bce huber focal hinge')
/** Words beside `loss` that make a name one of something else: `loss_rate`, `losses/explained_variance`. */
const NO_LOSSES = wordSet(
  'fn function type name scale scaler norm gnorm gradnorm grad gradient gradients lr rate time times seconds sec ms count num ' +
    'number ratio frac fraction percent std var variance stddev deviation patience improvement change drop gap coeff coeffs coefs ' +
    'coefficient lambda weights nan nans inf infs skipped skip accuracy acc precision recall',
)
/** The players of a GAN, where they stand by themselves: `D_real`, `G_GAN`. */
const PLAYERS = wordSet('d g')
/** Words that say which loss the whole objective is, and do not name a part of it. */
const OBJECTIVES = wordSet('lm mlm bce mse ctc softmax binary multi categorical sparse')
/** Words that say over what a loss was taken. */
const SPANS = wordSet(
  'avg average avr mean epoch batch minibatch step iter iteration running moving mov total tot global current overall smoothed ' +
    'smooth reduced accumulated accum acc ema ma raw per token sample samples set model metric metrics',
)
/** What speaks of a loss and may be prose. */
const PLAIN_LOSSES: readonly Role[] = ['other', 'loss_part', 'perplexity', 'objective']
/** Words of a setting, or of a value from the past: `max_grad_norm`, `warmup_lr`, `best_val_loss`. */
const SETTINGS = wordSet(
  'best lowest highest min max target prev previous initial init base peak start end final warmup decay factor clip ' +
    'clipping threshold weight coef',
)
/** Those of them that a loss may be called by, where the name ends with that: `clip_loss`, `start_loss`. */
const OF_LOSSES = wordSet('clip clipping start end')
const ACCURACIES = wordSet('acc accuracy accuracies top1 acc1 acc@1 prec@1')
const LEARNING_RATE = /(?:^| )(?:lr\d*|learning rate)(?: (?:group )?(?:pg)?\d+)?$/

/** The counters by their words, those of training left out. */
const COUNTERS: ReadonlyMap<string, Field> = new Map([
  ...[...CERTAIN_STEPS, ...LIKELY_STEPS].map((name, rank): [string, Field] => [
    name,
    { kind: 'step', rank, isCertain: rank < CERTAIN_STEPS.length },
  ]),
  ...EPOCHS.map((name): [string, Field] => [name, { kind: 'epoch' }]),
])

/** The words, beside losses and accuracies, without one of which a name has no role. */
const TELLING = wordSet('scale scaler gnorm gradnorm norm rate l')
/** Words of losses that are written as one: `trainloss`, `gloss`, `loss1`. */
const JOINED_LOSS =
  /^(train|training|val|valid|validation|test|eval|avg|mean|total|epoch|batch|[dg]|dis|disc|gen|adv|rec|recon|kl|mse|bce|ce|ctc|att|aux|reg|seg|mask|box|cls|obj|dfl|giou|pixel|style|content|policy|value|actor|critic)(loss(?:es)?)$/
const JOINED_LOGLOSS = /^([a-z]{2,12})(logloss)$/
const NUMBERED_LOSS = /^(loss)(\d{1,3})$/
const ONE_WORD = /^[a-z\d]+$/

const UNKNOWN: Meaning = {
  field: { kind: 'metric', role: 'other' },
  phase: null,
  lossKind: null,
  targetHint: null,
}
const LONGEST_NAME = 128
const MAX_KNOWN_NAMES = 4096

/** Names met so far: a log repeats a few of them millions of times. As keys of an object they hold on to no line. */
let known: Record<string, Meaning> = Object.create(null)
let knownNames = 0

/**
 * What the log means by `name`: case, separators and camel case make no difference.
 *
 * A loss whose name holds a word of its own, such as `loss_cls` or
 * `train/box_loss`, is a part of the objective. What stands before the last
 * slash names the part of a model or of a program: `actor/loss` is a whole one.
 */
export function fieldOf(name: string): Field {
  return meaningOf(name).field
}

export function roleOf(name: string): Role | null {
  const field = fieldOf(name)
  return field.kind === 'metric' ? field.role : null
}

/** Whether a role is that of a loss of the whole objective. */
export function isLossRole(role: Role): boolean {
  return role === 'train_loss' || role === 'val_loss'
}

/** What of the loss this name speaks of; null where of none. */
export function lossKindOf(name: string): LossKind | null {
  return meaningOf(name).lossKind
}

/** What a policy's name of a loss is about, as in `kl_loss` and `entropy_loss`; null for any other. */
export function policyRoleIn(name: string): Role | null {
  return name.length > LONGEST_NAME ? null : policyRoleOf(wordsOf(name))
}

/**
 * Whether a name of this role proves nothing of the text around it: `reward`, `KL`, `objective` and `heat loss` are words
 * of prose and of settings, too.
 */
export function isPlainRole(role: Role): boolean {
  return PLAIN_LOSSES.includes(role) || isPolicyRole(role)
}

/** The measure of error on a set of data that a name ends with, `l2` of `valid_0's l2`; null for any other name. */
export function errorIn(name: string): { readonly measure: string; readonly role: Role } | null {
  const measure = name.length > LONGEST_NAME ? undefined : wordsOf(name).at(-1)
  const phase = phaseOf(name)
  if (measure === undefined || phase === null || !(ERRORS.has(measure) || LOSSES.has(measure))) return null
  return { measure, role: phase === 'validation' ? 'val_loss' : 'train_loss' }
}

/** Whether `name` is that of a loss, of a part of one (`d_loss`), or of one in another unit. */
export function isLossLike(name: string): boolean {
  const kind = lossKindOf(name)
  return kind === 'whole' || kind === 'part' || kind === 'unit'
}

/** What the name of a metric shows about the target of the losses beside it; null where it shows nothing. */
export function targetHintIn(name: string): TargetHint | null {
  return meaningOf(name).targetHint
}

/**
 * Whether these names of metrics show that the target of the losses among them moves: a policy's own returns, or an
 * opponent. Such a loss rises while all goes well, and comes to exactly 0 where there is nothing to learn from.
 */
export function areOfMovingTarget(names: Iterable<string>): boolean {
  const hints = new Set<TargetHint>()
  for (const name of names) {
    const hint = targetHintIn(name)
    if (hint !== null) hints.add(hint)
  }
  return isSureTogether(hints)
}

/** Whether `word` makes a name that of a setting, or of a value that was logged before. */
export function isSettingWord(word: string): boolean {
  return SETTINGS.has(word.toLowerCase())
}

/** Whether `name` speaks of training (`Train`), of a held-out set (`Test set`), or of neither. */
export function phaseOf(name: string): Phase | null {
  return meaningOf(name).phase
}

function meaningOf(name: string): Meaning {
  if (name.length > LONGEST_NAME) return UNKNOWN
  const before = known[name]
  if (before !== undefined) return before
  const words = wordsOf(name)
  const phase = phaseOfWords(words)
  const lossKind = lossKindOfWords(words, name)
  const field = fieldOfWords(words, lossKind, phase)
  const meaning = { field, phase, lossKind, targetHint: targetHintOf(words) }
  if (knownNames++ === MAX_KNOWN_NAMES) {
    known = Object.create(null)
    knownNames = 1
  }
  known[name] = meaning
  return meaning
}

function phaseOfWords(words: readonly string[]): Phase | null {
  if (words.some((word) => VALIDATION.has(word))) return 'validation'
  return words.some((word) => TRAINING.has(word)) ? 'training' : null
}

function fieldOfWords(words: readonly string[], lossKind: LossKind | null, phase: Phase | null): Field {
  const counter = COUNTERS.get(words.filter((word) => !TRAINING.has(word)).join(' '))
  if (counter !== undefined) return counter
  if (TIMES.has(words.join(' '))) return { kind: 'time' }
  if (lossKind !== null) {
    const role = roleOfLoss(words, lossKind, phase)
    if (role !== 'other') return { kind: 'metric', role }
  }
  return words.some(isTelling) ? { kind: 'metric', role: roleOfWords(words) } : UNKNOWN.field
}

function roleOfLoss(words: readonly string[], kind: LossKind, phase: Phase | null): Role {
  if (kind === 'whole') return phase === 'validation' ? 'val_loss' : 'train_loss'
  if (kind === 'part') return 'loss_part'
  if (kind !== 'unit') return 'other'
  if (words.some((word) => PERPLEXITIES.has(word))) return 'perplexity'
  return words.some((word) => OBJECTIVE_NAMES.has(word)) ? 'objective' : 'other'
}

function lossKindOfWords(words: readonly string[], name: string): LossKind | null {
  const own = name.includes('/') ? wordsOf(name.slice(name.lastIndexOf('/') + 1)) : words
  const last = own.at(-1) ?? ''
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word))
  const isEnded = LOSSES.has(last)
  if (words.some((word) => SETTINGS.has(word) && !(isEnded && OF_LOSSES.has(word)))) return null
  // PaddlePaddle calls the seconds that a batch takes its cost.
  if (words.some((word, index) => word === 'cost' && /^(?:batch|time)$/.test(words[index - 1] ?? ''))) return null
  if (isWholeLoss(words) || isWholeLoss(own)) return 'whole'
  if (!isEnded && own.some((word) => NO_LOSSES.has(word))) return null
  const isNamed = own.some((word) => LOSSES.has(word))
  // `losses/entropy` is what the folder of all losses holds beside them.
  if (!isNamed && policyRoleOf(words) !== null) return null
  if (has(LOSSES) || LOSS_KINDS.has(last) || (own[0] === 'l' && ONE_WORD.test(own[1] ?? ''))) return 'part'
  if (has(OTHER_UNITS) || (OBJECTIVE_NAMES.has(last) && policyRoleOf(words) === null)) return 'unit'
  if (ERRORS.has(last)) return 'error'
  return own.length > 1 && (PLAYERS.has(own[0]!) || PLAYERS.has(last)) ? 'player' : null
}

function wordsOf(name: string): readonly string[] {
  if (ONE_WORD.test(name)) return inEnglish(name.includes('loss') ? lossWordsOf(name) : [name])
  // W&B's CSV export puts the run before the metric: `run-17 - lm_loss`.
  const metric = name.slice(name.lastIndexOf(' - ') + 1)
  const spaced = metric.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase()
  // Nearly no name holds one of these, and each replacement costs as much as all the rest.
  const joined =
    spaced.includes('cross') || spaced.includes('log')
      ? spaced.replace(/cross[\s_-]entropy/g, 'crossentropy').replace(/log[\s_-]loss/g, 'logloss')
      : spaced
  const words = joined.split(/(?:'s)?[\s_\-./:|#]+/).filter((word) => word !== '')
  return inEnglish(words.some((word) => word.includes('loss')) ? words.flatMap(lossWordsOf) : words)
}

/** The words of a loss that are written as one. */
function lossWordsOf(word: string): readonly string[] {
  return (JOINED_LOSS.exec(word) ?? JOINED_LOGLOSS.exec(word) ?? NUMBERED_LOSS.exec(word))?.slice(1) ?? [word]
}

/** Whether a name with this word may have a role: of a record with a thousand metrics most have none. */
function isTelling(word: string): boolean {
  if (TELLING.has(word) || LOSS_KINDS.has(word) || ACCURACIES.has(word) || LOSSES.has(word)) return true
  return POLICY_WORDS.has(word) || /^lr\d*$/.test(word)
}

function roleOfWords(words: readonly string[]): Role {
  const [first] = words
  const last = words.at(-1)
  const ofPolicy = policyRoleOf(words)
  if (ofPolicy !== null) return ofPolicy
  if (words.some((word) => SETTINGS.has(word))) return 'other'
  const isScale = last === 'scale' || last === 'scaler'
  if (isScale && words.some((word) => word === 'loss' || word === 'grad' || word === 'amp')) return 'loss_scale'
  if (last === 'gnorm' || last === 'gradnorm') return 'grad_norm'
  if (last === 'norm' && (words.length === 1 || words.some((word) => /^(grad|gradients?|global|total)$/.test(word)))) {
    return 'grad_norm'
  }
  if (first === 'lr' || LEARNING_RATE.test(words.join(' '))) return 'learning_rate'
  return ACCURACIES.has(last ?? '') ? 'accuracy' : 'other'
}

/** Whether these are the words of a loss of the whole objective. */
function isWholeLoss(words: readonly string[]): boolean {
  let isNamed = false
  let isEnded = false
  for (const [index, word] of words.entries()) {
    const isLoss: boolean = LOSSES.has(word) && !isEnded
    const isKind = LOSS_KINDS.has(word) && !isEnded
    const isPlain = SPANS.has(word) || isPhase(word) || isNumbered(words, index)
    const isQualifier = isEnded ? word === 'value' : OBJECTIVES.has(word)
    if (!isLoss && !isKind && !isPlain && !isQualifier) return false
    isNamed ||= isLoss || isKind
    isEnded ||= isLoss
  }
  return isNamed
}

/** LightGBM and XGBoost number their sets: `valid_0's binary_logloss`. */
function isNumbered(words: readonly string[], index: number): boolean {
  return /^\d+$/.test(words[index]!) && isPhase(words[index - 1] ?? '')
}

function isPhase(word: string): boolean {
  return TRAINING.has(word) || VALIDATION.has(word)
}

function wordSet(words: string): Set<string> {
  return new Set(words.split(' '))
}
