import { CAUSE, causeOf } from '../causes/index.ts'
import { countedRows } from '../measure/symptoms.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'

/** Logits above this approach the largest float16, 65504. */
const NEAR_FLOAT16_LIMIT = 8192

/** The candidates for a batch with predictions that are not finite: R5, R7, R9, R23, R24 and R26. */
export function damagedCandidates(subject: SearchedBatch): LossCandidate[] {
  const { measure, dtype, isDamagedFromTheStart } = subject
  const broken = Math.max(measure.nan.count, measure.infinite.count)
  const isWhole = broken === countedRows(measure)
  const isHalf = dtype === 'float16'
  if (overflowedRows(subject) * 2 > measure.nan.count) {
    const overflow = damage(CAUSE.softmaxOverflow, 0.9)
    // Where the true class is one of the others, x/∞ = 0, a loss that reads it alone is −log(0) = ∞.
    return measure.zeroOnTruth.count > 0 ? [overflow, { ...overflow, value: Infinity }] : [overflow]
  }
  if (isHalf && (measure.infinite.count > 0 || subject.largestLogitBefore > NEAR_FLOAT16_LIMIT)) {
    return [damage(CAUSE.float16Overflow, 0.9), damage(CAUSE.nanInModel, 0.2)]
  }
  if (measure.nan.count === 0) {
    // Broken weights break every row. A few that are infinite have overflowed, in a type that nothing shows.
    return isWhole
      ? [damage(CAUSE.nanInModel, 0.5), damage(CAUSE.explodingWeights, 0.2)]
      : [damage(CAUSE.float16Overflow, 0.4), damage(CAUSE.explodingWeights, 0.3), damage(CAUSE.nanInInput, 0.3)]
  }
  if (isWhole) {
    return [
      damage(CAUSE.nanInModel, 0.8),
      damage(CAUSE.float16Overflow, isHalf ? 0.5 : 0.05),
      damage(CAUSE.nanInInput, isDamagedFromTheStart ? 0.3 : 0.1),
    ]
  }
  return [
    // A row of constants, and a row of attention that is masked altogether, are NaN in the first batch just as bad data are.
    damage(CAUSE.nanInInput, isDamagedFromTheStart ? 0.5 : 0.3),
    damage(CAUSE.nanInModel, 0.2),
    damage(CAUSE.zeroOverZero, isDamagedFromTheStart ? 0.4 : 0.2),
    damage(CAUSE.float16Overflow, isHalf ? 0.35 : 0),
  ].filter(({ prior }) => prior > 0)
}

/** R23: a row of logits that is masked altogether, where it alone makes the loss NaN. No exp overflows in it: its softmax is 0/0. */
export function closedCandidates({ batch: { kind }, measure }: SearchedBatch): LossCandidate[] {
  const { closedRows, crossEntropy, nan } = measure
  const isAlone = kind === 'logits' && closedRows !== undefined && nan.count === 0 && crossEntropy === 'NaN'
  return isAlone ? [damage(CAUSE.zeroOverZero, 0.9)] : []
}

function damage(code: string, prior: number): LossCandidate {
  return { key: `damage ${causeOf(code)?.number}`, code, value: NaN, prior, occurs: 'once', isDamage: true }
}

/** Counts the rows that an overflowed softmax leaves: ∞/∞ = NaN at some classes, and x/∞ = 0 at all others. */
function overflowedRows({ batch: { kind, k, n, values } }: SearchedBatch): number {
  if (kind === 'logits' || k === 1) return 0
  const nothing = kind === 'probs' ? 0 : -Infinity
  let rows = 0
  for (let i = 0; i < n; i++) {
    let broken = 0
    let zeros = 0
    for (let j = 0; j < k; j++) {
      const value = values[i * k + j]!
      if (Number.isNaN(value)) broken += 1
      else if (value === nothing) zeros += 1
    }
    if (broken > 0 && zeros > 0 && broken + zeros === k) rows += 1
  }
  return rows
}
