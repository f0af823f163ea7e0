import type { Confidence, Evidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { type BatchEvidence, type Context, type Explanation, known, type Raise } from './diagnosis.ts'
import { rowList, rowsOf, short } from './wording.ts'

const FIX =
  "Use the framework's loss on logits (torch F.cross_entropy or BCEWithLogitsLoss, Keras from_logits=True, " +
  'jax.nn.log_softmax), or clip the probabilities before the log with an ε that survives in your dtype (1e-7 in float32).'

/**
 * R1, R2: a probability of exactly 0 met a logarithm.
 *
 * log(0) is −∞, not NaN. The NaN comes from 0·(−∞), in a one-hot loss that
 * multiplies every class by its target, or one step later, when the gradient
 * −1/p times a derivative of 0 reaches the weights.
 */
export function logOfZero(finding: Raise, { batch }: Context): Explanation | null {
  if (batch === null || (finding.rule !== 'log-zero' && finding.rule !== 'non-finite')) return null
  const { measure } = batch
  const reported = batch.reportedLoss ?? failedLoss(finding)
  // A loss that came out finite met no log(0): what failed beside it has another cause.
  if (finding.rule === 'non-finite' && reported !== null && isFinite(reported)) return null

  if (measure.zeroOnTruth.count > 0) {
    return {
      why:
        `${rowsOf(measure.zeroOnTruth, measure.n)} gave the true class a probability of exactly 0${rowList(measure.zeroOnTruth)}, ` +
        `so −log(0) = ∞${aftermath(reported)}. ${clippedSentence(batch)}`,
      cause: known('R1-log-zero', confidenceIn(reported), evidenceOf(batch, reported), FIX),
    }
  }
  if (reported === 'NaN' && measure.zeroOffTruth.count > 0) {
    return {
      why:
        `${rowsOf(measure.zeroOffTruth, measure.n)} gave a class with target 0 a probability of exactly 0${rowList(measure.zeroOffTruth)}, ` +
        `and 0·log(0) = 0·(−∞) = NaN where a loss multiplies every class by its target. ${clippedSentence(batch)}`,
      cause: known('R2-zero-times-log-zero', 'proven', evidenceOf(batch, reported), FIX),
    }
  }
  return null
}

/** The loss that the finding is about, where the batch itself came without one. */
function failedLoss({ rule, at }: Raise): MetricValue | null {
  return rule === 'non-finite' && (at.role === 'train_loss' || at.role === 'val_loss') ? at.value : null
}

/** What the job reports decides: a loss computed from logits survives zeros that a logarithm does not. */
function confidenceIn(reported: MetricValue | null): Confidence {
  if (reported === 'Infinity') return 'proven'
  if (reported === null) return 'likely'
  return isFinite(reported) ? 'weak' : 'strong'
}

function aftermath(reported: MetricValue | null): string {
  if (reported === 'NaN') return ' and 0·∞ = NaN'
  if (reported === 'Infinity') return ' and its gradient, ∞·0 = NaN, poisons the weights at the next step'
  return reported === null ? '' : `; the job itself reports ${short(reported)}, so it clips or computes from logits`
}

function clippedSentence({ measure }: BatchEvidence): string {
  return `Clipped at ${measure.epsilon} this batch's loss is ${short(measure.crossEntropyClipped)}.`
}

function evidenceOf({ measure, file, step }: BatchEvidence, reported: MetricValue | null): Evidence[] {
  return [
    { name: 'predictions', value: file },
    ...(step === null ? [] : [{ name: 'step', value: step }]),
    { name: 'rows', value: measure.n },
    { name: 'classes', value: measure.k },
    { name: 'rowsWithZeroOnTruth', value: measure.zeroOnTruth.count },
    { name: 'firstRowsWithZeroOnTruth', value: measure.zeroOnTruth.rows },
    { name: 'rowsWithZeroOffTruth', value: measure.zeroOffTruth.count },
    { name: 'firstRowsWithZeroOffTruth', value: measure.zeroOffTruth.rows },
    ...(reported === null ? [] : [{ name: 'reportedLoss', value: reported }]),
    { name: 'crossEntropy', value: measure.crossEntropy },
    { name: 'crossEntropyClipped', value: measure.crossEntropyClipped },
    { name: 'epsilon', value: measure.epsilon },
  ]
}
