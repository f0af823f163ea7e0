import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { rowsOf, short } from '../causes/number-wording.ts'
import type { BuiltInRaise, FactsOf } from '../detect/finding.ts'
import { ordinal } from '../detect/threshold-wording.ts'
import { atTimes } from '../detect/wording.ts'
import type { BatchMeasure } from '../measure/prediction-batch.ts'
import type { Context, Explanation } from './diagnosis.ts'

/** Explains a finding by the course of its series alone: it rose, stands still, or has a value that it cannot have. */
export function explainCourse(finding: BuiltInRaise, _context: Context): Explanation | null {
  const why = whyOf(finding)
  return why === null ? null : { why, cause: causeOf(finding) }
}

function whyOf({ rule, facts, at }: BuiltInRaise): string | null {
  switch (rule) {
    case 'sustained-rise':
      return `Its level is ${short(facts.level)}, ${atTimes(at.value, facts.best) === '' ? 'above' : 'and was'} ${short(facts.best)} at its best: it has risen and stays up.`
    case 'worse-than-start':
      return `Its newest ${facts.samples} values stand at ${short(facts.level)}, and the best level of its beginning was ${short(facts.best)}: it has not come back.`
    case 'no-progress':
      if (facts.classes !== null)
        return `In ${facts.samples} values it has not fallen${atRate(facts.largestRate)}: it stands at ${short(facts.level)}, which is ln ${facts.classes}, what guessing among ${facts.classes} classes costs. No step changes the weights, or nothing in the data tells the classes apart.`
      if (facts.risen !== null)
        return `Over ${facts.samples} values it rises surely${atRate(facts.largestRate)}. A loss whose sign is turned round does, and so does one whose data grow harder.`
      return `In ${facts.samples} values it has not fallen: its noise could hide ${percentOf(facts.hidden)} at most${atRate(facts.largestRate)}. A run that had converged before, or has its learning still to come, looks the same.`
    case 'learning-rate-zero':
      return `In ${facts.zeros} records it was never anything else, and over ${facts.losses} values the loss hardly moves: no weight changes, unless ${facts.isRounded ? 'the log rounds a small rate to 0' : 'some learn at a rate that is not logged'}. Look at the schedule, whose steps in all or warm-up may have come out as 0, and at the rate that the optimizer was given.`
    case 'bad-gradient':
      return facts.sign === 'still'
        ? `That is so ${facts.inARow} times in a row: no step changes the weights${facts.isRounded ? ', unless the log rounds a small norm to 0' : ''}.`
        : `${facts.gradient.metric} was ${short(facts.gradient.value)}${atItsStep(facts.gradient.step)}. The best level of the beginning was ${short(facts.best ?? 0)}; since then the loss stays at ${short(facts.level ?? 0)}.`
    case 'chance-plateau':
      return whyAtChance(facts, at.role === 'val_loss' ? 'evaluations' : 'epochs')
    case 'frozen':
      return `It is exactly the same for the ${ordinal(facts.inARow)} time in a row: no optimizer steps, ${facts.mayBeRounding ? '' : 'or '}what is logged is not computed anew${facts.mayBeRounding ? ', or the log rounds what still moves' : ''}.`
    case 'negative-loss':
      return facts.began === null
        ? 'Its name says that it is a negative logarithm of a probability, which is never below zero.'
        : `It began at ${short(facts.began)}. No cross-entropy and no error falls below zero: it may be meant so, as of a density or a similarity, or its targets are outside of [0, 1], or the logarithm is missing.`
    case 'overfit':
      return `Its lowest was ${short(facts.best)}${facts.bestStep === null ? '' : ` at step ${facts.bestStep}`}; it has been well above for ${facts.inARow} evaluations: what the model learns now does not hold beyond its training data. The checkpoint of the lowest is the one to keep.`
    case 'learning-rate-jump':
      return `It was ${short(facts.before)} before and never above ${short(facts.largest)}.`
    case 'collapse':
      return facts.sign === 'saturated' ? saturated(facts.measure) : COLLAPSES[facts.sign]
    default:
      return null
  }
}

function whyAtChance(
  { classes, level, samples, isPerEvaluation }: FactsOf<'chance-plateau'>,
  evaluations: string,
): string {
  const stood = `For ${samples} ${isPerEvaluation ? evaluations : 'values'} it has stood at ${short(level)}`
  if (classes === null) return `${stood}, where it began: nothing has been learned.`
  const isSame = short(level) === short(Math.log(classes))
  const chance = `${stood}, which is ${isSame ? '' : 'near '}ln ${classes}${isSame ? '' : ` = ${short(Math.log(classes))}`}: what guessing among ${classes} classes costs.`
  if (isPerEvaluation && evaluations === 'evaluations') return `${chance} ${HELD_OUT_AT_CHANCE}`
  return isPerEvaluation
    ? `${chance} ${AT_CHANCE_FROM_THE_START}`
    : `${chance} Nothing is learned, or only how often each class occurs.`
}

/** What to look at where nothing was learned from the start, the commonest first. */
const AT_CHANCE_FROM_THE_START =
  'Nothing was learned from the start. Check that the learning rate is not 0 or far too high, that the labels are in the order of the inputs, that the optimizer holds all weights and none that matter are frozen, and that the last activations are not all 0 (dead ReLUs).'

/** The same where only evaluations are known to stand: training may learn what they do not see. */
const HELD_OUT_AT_CHANCE =
  'Nothing that these data show was learned from the start. If the training loss falls, check that the evaluation has the trained weights, the same preprocessing and labels in the order of its inputs; if not, that the learning rate is not 0 or far too high, that the training labels are in the order of their inputs, and that no weights that matter are frozen.'

/** What may be behind gradient norms of 0 or that are not finite, beside a loss that does not move. */
const STILL_CAUSES = {
  zero: [CAUSE.clippedGradient],
  broken: [CAUSE.nanGradient, CAUSE.float16Overflow],
} as const
/** What may be behind a loss that has not come back since a gradient norm that was not finite. */
const LOST_CAUSES = [CAUSE.explodingWeights, CAUSE.float16Overflow]

function kindOf(value: MetricValue): keyof typeof STILL_CAUSES {
  return value === 0 ? 'zero' : 'broken'
}

function atRate(largest: number | null): string {
  return largest === null ? '' : `, at a learning rate of up to ${short(largest)}`
}

function atItsStep(step: number | null): string {
  return step === null ? '' : ` at step ${step}`
}

function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}

const COLLAPSES = {
  uniform: 'No row favours any class: the entropy of each prediction is ln K, as if nothing had been learned.',
  overconfident: 'All rows are sure of their class and many are wrong: their loss is near the logarithm of zero.',
} as const

function saturated({ oneOnWrong, used, crossEntropy }: BatchMeasure): string {
  const rows = `${rowsOf(oneOnWrong, used)} gave a wrong class a probability of exactly 1`
  return isFinite(crossEntropy)
    ? `${rows}: the logarithm of zero is next.`
    : `${rows}, and the logarithm of zero is there already: where the loss is finite, something clips it, and these rows have no gradient.`
}

function causeOf({ rule, facts }: BuiltInRaise): Explanation['cause'] {
  const candidates = { code: null, candidates: [] as string[], evidence: [] }
  switch (rule) {
    case 'sustained-rise':
      return { ...candidates, candidates: [CAUSE.explodingWeights, CAUSE.badBatch] }
    case 'worse-than-start':
      return { ...candidates, candidates: [CAUSE.explodingWeights] }
    case 'learning-rate-zero':
      return { ...candidates, evidence: [{ name: 'zeros', value: facts.zeros }] }
    case 'bad-gradient':
      return {
        ...candidates,
        candidates: facts.sign === 'still' ? STILL_CAUSES[kindOf(facts.gradient.value)] : LOST_CAUSES,
      }
    case 'chance-plateau':
      return { ...candidates, candidates: [CAUSE.clippedGradient, CAUSE.doubleSoftmax, CAUSE.explodingWeights] }
    case 'negative-loss':
      return {
        ...candidates,
        candidates: [CAUSE.targetOutside01, facts.began === null ? CAUSE.logitsAsProbabilities : CAUSE.missingLog],
      }
    case 'learning-rate-jump':
      return {
        code: null,
        candidates: [CAUSE.explodingWeights],
        evidence: [
          { name: 'before', value: facts.before },
          { name: 'largestBefore', value: facts.largest },
        ],
      }
    default:
      return candidates
  }
}
