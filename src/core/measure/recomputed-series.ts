import { RECOMPUTED_PREFIX } from '../../protocol/sample.ts'
import { type MetricValue, metricValue } from '../../protocol/value.ts'
import type { BatchMeasure } from './prediction-batch.ts'

type SeriesField =
  | 'surprise'
  | 'crossEntropy'
  | 'crossEntropyClipped'
  | 'entropy'
  | 'entropyBits'
  | 'entropyShare'
  | 'klDivergence'
  | 'squaredError'
  | 'perplexity'
  | 'accuracy'
  | 'confidence'
  | 'calibrationError'
  | 'mutualInformation'
  | 'saturation'
  | 'minTrueProbability'
  | 'maxLogit'

/** The recomputed series and the measure that each is made of. The names are a contract: add, never rename. */
const SERIES: readonly (readonly [name: string, field: SeriesField])[] = [
  ['cross_entropy', 'crossEntropy'],
  ['cross_entropy_clipped', 'crossEntropyClipped'],
  ['surprise', 'surprise'],
  ['entropy', 'entropy'],
  ['entropy_bits', 'entropyBits'],
  ['entropy_share', 'entropyShare'],
  ['kl', 'klDivergence'],
  ['mse', 'squaredError'],
  ['perplexity', 'perplexity'],
  ['accuracy', 'accuracy'],
  ['confidence', 'confidence'],
  ['calibration_error', 'calibrationError'],
  ['mutual_information', 'mutualInformation'],
  ['saturation', 'saturation'],
  ['min_true_probability', 'minTrueProbability'],
  ['max_logit', 'maxLogit'],
]

/** The values of one batch's measures, one for each recomputed series that such a batch has. */
export function recomputedSeries(
  measure: BatchMeasure,
  isReadAnew = false,
): { readonly metric: string; readonly value: MetricValue }[] {
  const series = SERIES.flatMap(([name, field]) => {
    const value = measure[field]
    return value === null ? [] : [{ metric: `${RECOMPUTED_PREFIX}${name}`, value }]
  })
  // The one point of this series says where the others became those of other questions.
  const labels = metricValue(measure.questions ?? 1)
  return isReadAnew ? [...series, { metric: `${RECOMPUTED_PREFIX}labels_of_a_row`, value: labels }] : series
}
