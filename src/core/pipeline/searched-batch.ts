import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { searchBatch } from '../loss-search/batch-search.ts'
import { leftOutLabel } from '../loss-search/left-out-label.ts'
import { type Likelihoods, NO_LIKELIHOODS } from '../loss-search/likelihood.ts'
import type { SearchResult } from '../loss-search/search-result.ts'
import { type BatchReading, withIgnoredLabel } from '../measure/batch-reading.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'

const FEW_DIGITS = 3

export interface SearchedLoss {
  /** The loss that was logged with the batch, of the data that it is of. */
  readonly reportedLoss: MetricValue | null
  readonly isOfValidation: boolean
  readonly lossSearch: SearchResult | null
  readonly likelihoods: Likelihoods
  /** How the file is to be read from now on. */
  readonly reading: BatchReading
}

/**
 * Finds how the loss of a batch was computed.
 *
 * Where a validation loss stands beside a training loss that the predictions do
 * not give, they may be of held-out data: the loss that they give is theirs.
 */
export function searchLoss(
  before: Likelihoods | undefined,
  batch: PredictionBatch,
  measure: BatchMeasure,
  attempt: number,
  reading: BatchReading,
): SearchedLoss {
  const { validationLoss, reportedLoss, isOfValidation = false } = batch
  const likelihoods = before ?? NO_LIKELIHOODS
  const own = searchBatch(likelihoods, batch, measure, attempt)
  if (validationLoss !== undefined && hasManyDigits(validationLoss) && !isRight(own.result)) {
    const other = searchBatch(likelihoods, { ...batch, reportedLoss: validationLoss }, measure, attempt)
    const isTheirs = isRight(other.result)
    if (isTheirs || (isExplained(other.result) && !isExplained(own.result))) {
      return {
        reportedLoss: validationLoss,
        isOfValidation: true,
        lossSearch: other.result,
        likelihoods: other.likelihoods,
        reading: isTheirs ? { ...reading, isOfValidation: true } : reading,
      }
    }
  }
  const leftOut = reading.ignoredLabel === undefined ? leftOutLabel(own.likelihoods.differences) : null
  const isMean = own.result?.verdict === 'agrees' && own.result.candidates[0]?.key === 'mean'
  const withIgnored = isMean && measure.badLabel.count > 0 ? withIgnoredLabel(reading, batch) : reading
  return {
    reportedLoss,
    isOfValidation,
    lossSearch: own.result,
    likelihoods: own.likelihoods,
    reading: leftOut !== null ? { ...reading, ignoredLabel: leftOut } : withIgnored,
  }
}

/** A number of few digits is what some way of computing gives by chance. */
function hasManyDigits(value: MetricValue): boolean {
  return isFinite(value) && Number(value.toPrecision(FEW_DIGITS)) !== value
}

function isRight(result: SearchResult | null): boolean {
  return result === null || result.verdict === 'agrees'
}

/** Whether some wrong way of computing gives a loss that is a number. */
function isExplained(result: SearchResult | null): boolean {
  return result?.verdict === 'differs' && result.candidates.some(({ code }) => code !== CAUSE.otherPredictions)
}
