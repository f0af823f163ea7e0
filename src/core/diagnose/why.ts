import { isFinite, type MetricValue, toNumber } from '../../protocol/value.ts'
import { causeOf } from '../causes/index.ts'
import { rowList, rowsOf, short } from '../detect/wording.ts'
import type { Way } from '../loss-search/account.ts'
import type { BatchEvidence } from './diagnosis.ts'

/** Why the loss of this batch is what it is, with its numbers. */
export function whyOf(code: string, batch: BatchEvidence, reported: MetricValue | null, way: Way | null): string {
  const { measure } = batch
  const entry = causeOf(code)
  switch (entry?.number) {
    case 1:
      return (
        `${rowsOf(measure.zeroOnTruth, measure.n)} gave the true class a probability of exactly 0${rowList(measure.zeroOnTruth)}, ` +
        `so −log(0) = ∞${aftermath(reported)}. ${clippedSentence(batch)}`
      )
    case 2:
      return (
        `${rowsOf(measure.zeroOffTruth, measure.n)} gave a class with target 0 a probability of exactly 0${rowList(measure.zeroOffTruth)}, ` +
        `and 0·log(0) = 0·(−∞) = NaN where a loss multiplies every class by its target. ${clippedSentence(batch)}`
      )
    case 3:
    case 4: {
      const { dtype } = batch.account!
      return `${entry.what} Computed in ${dtype} as "${way?.key}", this batch gives ${short(reported ?? 'NaN')} as the job does. ${clippedSentence(batch)}`
    }
    case 9: {
      const broken = measure.nan.count > 0 ? measure.nan : measure.infinite
      const what = broken === measure.nan ? 'NaN' : 'Infinity'
      return `The predictions already hold ${what} in ${rowsOf(broken, measure.n)}${rowList(broken)}: the model was damaged at an earlier step or fed bad input.`
    }
    case 10:
      return `No row of this batch has a label that counts (${measure.n} rows, all ignored), and the mean of nothing is 0/0 = NaN.`
    case 11:
      return `${rowsOf(measure.badLabel, measure.n)} had a label that is no class index from 0 to ${Math.max(measure.k, 2) - 1}${rowList(measure.badLabel)}.`
    case 13:
      if (measure.outOfRange.count === 0) return `${entry.what} ${computed(batch, reported, way)}`
      return `${rowsOf(measure.outOfRange, measure.n)} held a "probability" below 0 or above 1${rowList(measure.outOfRange)}: these look like logits, and the log of a negative number is NaN.`
    case 5:
    case 7:
    case 23:
    case 26:
      return `${rowsOf(measure.nan, measure.n)} of the predictions held NaN${rowList(measure.nan)}. ${entry.what}`
    default:
      return `${entry?.what ?? ''} ${computed(batch, reported, way)}`.trim()
  }
}

function computed({ measure }: BatchEvidence, reported: MetricValue | null, way: Way | null): string {
  if (reported === null || way === null) return ''
  const times =
    isFinite(reported) && isFinite(measure.crossEntropy) && measure.crossEntropy > 0
      ? `, ${short(toNumber(reported) / toNumber(measure.crossEntropy))} times that`
      : ''
  return `The predictions give ${short(measure.crossEntropy)}; the job reports ${short(reported)}${times}, which is: ${way.key}.`
}

function aftermath(reported: MetricValue | null): string {
  if (reported === 'NaN') return ' and 0·∞ = NaN'
  if (reported === 'Infinity') return ' and its gradient, ∞·0 = NaN, poisons the weights at the next step'
  return reported === null ? '' : `; the job itself reports ${short(reported)}, so it clips or computes from logits`
}

function clippedSentence({ measure }: BatchEvidence): string {
  return `Clipped at ${measure.epsilon} this batch's loss is ${short(measure.crossEntropyClipped)}.`
}
