import type { Dtype } from '../kernels/float-type.ts'
import type { PredictionBatch } from '../measure/prediction-batch.ts'
import { rounding } from '../measure/rounding.ts'

/** How a job gets the probabilities whose logarithm it takes from the numbers that it logs. */
export type ProbabilitySource =
  /** Probabilities as they are logged, or the exponentials of log-probabilities. */
  | 'given'
  /** The logged numbers as they are, even if they are logits. */
  | 'raw'
  /** The softmax or sigmoid of logits, computed without overflow. */
  | 'activated'
  /** exp(z) / Σ exp(z), without subtracting the largest logit first. */
  | 'naive'
  /** Each row divided by its sum. */
  | 'renormalised'

/** The terms of a batch's loss, each with its weight. The terms without weight are kept as one number. */
export interface Terms {
  /** Whether each term has a second one: 1 − p with the weight 1 − t. */
  readonly isBinary: boolean
  readonly weights: Float64Array
  readonly probabilities: Float64Array
  /** The row of each term. */
  readonly rowOf: Int32Array
  /** The smallest probability of a class without weight, for which a loss that multiplies adds 0 · ln p. NaN if one is NaN. */
  readonly lowestOffTruth: number
  /** The number of rows in the terms. */
  readonly rows: number
  /** Whether one of these rows holds a NaN. */
  readonly hasNaN: boolean
}

/** How a label that is no class of the batch is treated: its row is left out, or a negative one counts from the last class. */
export type Outside = 'left-out' | 'wraps'

const IGNORED_LABEL = -100

/** The terms of a batch's cross-entropy, in the type of the job. They are binary for one column, or as `isBinary` says. */
export function termsOf(
  batch: PredictionBatch,
  source: ProbabilitySource,
  dtype: Dtype,
  isBinary = batch.k === 1,
  outside: Outside = 'left-out',
): Terms {
  const { n, k, labels } = batch
  const weights: number[] = []
  const probabilities: number[] = []
  const rowOf: number[] = []
  const row = new Float64Array(k)
  let lowestOffTruth = Infinity
  let rows = 0
  let hasNaN = false
  const add = (i: number, weight: number, p: number) => {
    weights.push(weight)
    probabilities.push(p)
    rowOf.push(i)
  }
  for (let i = 0; i < n; i++) {
    const label = labels.kind === 'hard' ? classOf(labels.classes[i]!, k, outside) : null
    if (label === 'none') continue
    readRow(batch, i, source, dtype, row)
    rows += 1
    hasNaN ||= row.some(Number.isNaN)
    for (let j = 0; j < k; j++) {
      const weight = labels.kind === 'soft' ? labels.targets[i * k + j]! : k === 1 ? label! : j === label ? 1 : 0
      if (isBinary || weight !== 0) add(i, weight, row[j]!)
      else lowestOffTruth = Math.min(lowestOffTruth, row[j]!)
    }
  }
  return {
    isBinary,
    weights: Float64Array.from(weights),
    probabilities: Float64Array.from(probabilities),
    rowOf: Int32Array.from(rowOf),
    lowestOffTruth,
    rows,
    hasNaN,
  }
}

/** The class of a label. For one column it is the label itself, which a binary loss multiplies without a check. */
function classOf(label: number, k: number, outside: Outside): number | 'none' {
  if (label === IGNORED_LABEL) return 'none'
  if (k === 1) return label
  if (Number.isInteger(label) && label >= 0 && label < k) return label
  return outside === 'wraps' && Number.isInteger(label) && label < 0 && label >= -k ? label + k : 'none'
}

function readRow(batch: PredictionBatch, i: number, source: ProbabilitySource, dtype: Dtype, row: Float64Array): void {
  const { values, k, kind } = batch
  const round = rounding(dtype)
  for (let j = 0; j < k; j++) {
    const value = round(values[i * k + j]!)
    row[j] = source === 'given' && kind === 'log_probs' ? round(Math.exp(value)) : value
  }
  if (source === 'given' || source === 'raw') return
  if (source === 'renormalised') {
    divideBySum(row, round)
    return
  }
  if (k === 1) {
    row[0] = round(1 / round(1 + round(Math.exp(-row[0]!))))
    return
  }
  let max = 0
  if (source === 'activated') {
    max = -Infinity
    for (let j = 0; j < k; j++) max = Math.max(max, row[j]!)
  }
  for (let j = 0; j < k; j++) row[j] = round(Math.exp(round(row[j]! - max)))
  divideBySum(row, round)
}

function divideBySum(row: Float64Array, round: (value: number) => number): void {
  let sum = 0
  for (let j = 0; j < row.length; j++) sum += row[j]!
  sum = round(sum)
  for (let j = 0; j < row.length; j++) row[j] = round(row[j]! / sum)
}
