import { isPolicyRole, type Role } from '../../protocol/sample.ts'
import { type Field, isTime, stepOrEpochOf } from './counters.ts'
import {
  domainOfLoss,
  holdsError,
  isSettingWord,
  type LossKind,
  lossKindOfWords,
  mayBeSetting,
  measureOf,
  roleOfLoss,
} from './loss-names.ts'
import { isSureTogether, type TargetHint, targetHintOf } from './moving-targets.ts'
import { type Phase, phaseOfWords, wordSet, wordsOf } from './name-words.ts'
import { POLICY_WORDS, policyRoleOf } from './policy-roles.ts'

interface Meaning {
  readonly field: Field
  readonly phase: Phase | null
  readonly lossKind: LossKind | null
  readonly targetHint: TargetHint | null
}

/** What speaks of a loss and may be prose. */
const PLAIN_LOSSES: readonly Role[] = ['other', 'loss_part', 'perplexity', 'objective']
const MEASURES = wordSet(
  'acc accuracy precision recall f1 fscore auc auroc ap map miou iou dice jaccard bleu rouge meteor cider wer cer psnr ssim fid ' +
    'score mcc kappa r2 corr correlation pearson spearman sensitivity specificity top1 top5 hit ndcg mrr',
)
const ACCURACIES = wordSet('acc accuracy accuracies top1 acc1 acc@1 prec@1')
const LEARNING_RATE = /(?:^| )(?:lr\d*|learning rate)(?: (?:group )?(?:pg)?\d+)?$/

/** The words, beside those of losses, accuracies and policies, without one of which a name has no role. */
const TELLING = wordSet('scale scaler gnorm gradnorm norm rate')
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

/** Whether a name is that of a measure of quality, or of held-out data: of no class in it, it is NaN in any run. */
export function isMeasure(name: string): boolean {
  return (
    phaseOf(name) === 'validation' || (name.length <= LONGEST_NAME && wordsOf(name).some((word) => MEASURES.has(word)))
  )
}

/** Whether a name is that of a setting, or of a value that was logged before: the best one so far is infinite at first. */
export function isOfPast(name: string): boolean {
  return name.length <= LONGEST_NAME && wordsOf(name).some(isSettingWord)
}

/** Whether a loss of this name that is infinite or NaN beside no counter may not have been measured yet: `early_stop_loss`, `last_loss`. */
export function mayBeUnset(name: string): boolean {
  return name.length <= LONGEST_NAME && mayBeSetting(wordsOf(name))
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
  const measure = name.length > LONGEST_NAME ? null : measureOf(wordsOf(name))
  const phase = phaseOf(name)
  if (measure === null || phase === null) return null
  return { measure, role: phase === 'validation' ? 'val_loss' : 'train_loss' }
}

/** Whether `name` is that of a loss, of a part of one (`d_loss`), or of one in another unit. */
export function isLossLike(name: string): boolean {
  const kind = lossKindOf(name)
  return kind === 'whole' || kind === 'part' || kind === 'unit'
}

/** Whether a name is of what is measured on a set of data, a loss, an error or an accuracy: in another phase it is another value. */
export function isScore(name: string): boolean {
  const kind = lossKindOf(name)
  return (kind !== null && kind !== 'player') || roleOf(name) === 'accuracy'
}

/** Whether a name is of what another phase measures as well: a score, or an error of something, such as `rmse_force`. */
export function isOfPhase(name: string): boolean {
  return isScore(name) || (name.length <= LONGEST_NAME && holdsError(wordsOf(name)))
}

/** Whether a name is that of an error of no kind, which may be the share of answers that are wrong: it comes to 0. */
export function mayBeRate(name: string): boolean {
  return lossKindOf(name) === 'error' && measureOf(wordsOf(name)) === 'error'
}

/** Whether one measure of error stands there for training and for held-out data: only a training has both. */
export function hasErrorOfBothPhases(names: readonly string[]): boolean {
  return names.some((name) => {
    if (lossKindOf(name) !== 'error' || phaseOf(name) !== 'validation') return false
    const measure = measureOf(wordsOf(name))
    return names.some(
      (other) =>
        lossKindOf(other) === 'error' && phaseOf(other) !== 'validation' && measureOf(wordsOf(other)) === measure,
    )
  })
}

/** Whether a name, with no number of its own, may stand before the parts of a loss: `Losses {'ner': 12.3}`, `train loss: a=0.5`. */
export function namesLosses(name: string): boolean {
  const kind = lossKindOf(name)
  return kind === 'whole' || (kind === 'part' && /loss(?:es)?$/i.test(name))
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
  const plain = fieldOfWords(words, lossKind, phase)
  const domain = domainOfLoss(words)
  const field = domain !== null && plain.kind === 'metric' ? { ...plain, domain } : plain
  const meaning = { field, phase, lossKind, targetHint: targetHintOf(words) }
  if (knownNames++ === MAX_KNOWN_NAMES) {
    known = Object.create(null)
    knownNames = 1
  }
  known[name] = meaning
  return meaning
}

function fieldOfWords(words: readonly string[], lossKind: LossKind | null, phase: Phase | null): Field {
  const counter = stepOrEpochOf(words)
  if (counter !== null) return counter
  if (isTime(words)) return { kind: 'time' }
  if (lossKind !== null) {
    const role = roleOfLoss(words, lossKind, phase)
    if (role !== 'other') return { kind: 'metric', role }
  }
  return words.some(isTelling) ? { kind: 'metric', role: roleOfWords(words) } : UNKNOWN.field
}

/** Whether a name with this word may have a role: of a record with a thousand metrics most have none. */
function isTelling(word: string): boolean {
  return TELLING.has(word) || ACCURACIES.has(word) || POLICY_WORDS.has(word) || /^lr\d*$/.test(word)
}

function roleOfWords(words: readonly string[]): Role {
  const [first] = words
  const last = words.at(-1)
  const ofPolicy = policyRoleOf(words)
  if (ofPolicy !== null) return ofPolicy
  if (words.some(isSettingWord)) return 'other'
  const isScale = last === 'scale' || last === 'scaler'
  if (isScale && words.some((word) => word === 'loss' || word === 'grad' || word === 'amp')) return 'loss_scale'
  if (last === 'gnorm' || last === 'gradnorm') return 'grad_norm'
  if (last === 'norm' && (words.length === 1 || words.some((word) => /^(grad|gradients?|global|total)$/.test(word)))) {
    return 'grad_norm'
  }
  if (first === 'lr' || LEARNING_RATE.test(words.join(' '))) return 'learning_rate'
  return ACCURACIES.has(last ?? '') ? 'accuracy' : 'other'
}
