import type { Confidence, Evidence } from '../../protocol/alert.ts'
import { isFinite } from '../../protocol/value.ts'
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
  if (finding.rule !== 'log-zero' && finding.rule !== 'non-finite') return null
  if (batch === null || batch.measure.nan.count > 0 || batch.measure.infinite.count > 0) return null
  const { measure } = batch
  const reported = batch.reportedLoss ?? (finding.rule === 'non-finite' ? finding.at.value : null)
  const lossFailed = reported !== null && !isFinite(reported)

  if (measure.zeroOnTruth.count > 0) {
    const confidence: Confidence =
      reported === 'Infinity' ? 'proven' : lossFailed ? 'strong' : reported === null ? 'likely' : 'weak'
    return {
      why:
        `${rowsOf(measure.zeroOnTruth, measure.n)} gave the true class a probability of exactly 0${rowList(measure.zeroOnTruth)}, ` +
        `so −log(0) = ∞${aftermath(reported)}. ${clippedSentence(batch)}`,
      cause: known('R1-log-zero', confidence, evidenceOf(batch), FIX),
    }
  }
  if (reported === 'NaN' && measure.zeroOffTruth.count > 0) {
    return {
      why:
        `${rowsOf(measure.zeroOffTruth, measure.n)} gave a class with target 0 a probability of exactly 0${rowList(measure.zeroOffTruth)}, ` +
        `and 0·log(0) = 0·(−∞) = NaN where a loss multiplies every class by its target. ${clippedSentence(batch)}`,
      cause: known('R2-zero-times-log-zero', 'proven', evidenceOf(batch), FIX),
    }
  }
  return null
}

function aftermath(reported: BatchEvidence['reportedLoss']): string {
  if (reported === 'NaN') return ' and 0·∞ = NaN'
  if (reported === 'Infinity') return ' and its gradient, ∞·0 = NaN, poisons the weights at the next step'
  return reported === null ? '' : `; the job itself reports ${short(reported)}, so it clips or computes from logits`
}

function clippedSentence({ measure }: BatchEvidence): string {
  return `Clipped at ${measure.epsilon} this batch's loss is ${short(measure.crossEntropyClipped)}.`
}

function evidenceOf({ measure, reportedLoss, file, step }: BatchEvidence): Evidence[] {
  return [
    { name: 'predictions', value: file },
    ...(step === null ? [] : [{ name: 'step', value: step }]),
    { name: 'rows', value: measure.n },
    { name: 'classes', value: measure.k },
    { name: 'rowsWithZeroOnTruth', value: measure.zeroOnTruth.count },
    { name: 'firstRowsWithZeroOnTruth', value: measure.zeroOnTruth.rows },
    ...(reportedLoss === null ? [] : [{ name: 'reportedLoss', value: reportedLoss }]),
    { name: 'crossEntropy', value: measure.crossEntropy },
    { name: 'crossEntropyClipped', value: measure.crossEntropyClipped },
    { name: 'epsilon', value: measure.epsilon },
  ]
}
