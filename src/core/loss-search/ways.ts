import { CAUSE, causeOf } from '../causes/index.ts'
import { ALPHA, type BatchSums, GAMMAS, type Overlap } from './batch-sums.ts'
import type { LossCandidate } from './candidate.ts'

/** A way of computing a loss from the rows of a batch. A way that a batch does not fit gives NaN. */
interface Way {
  readonly key: string
  /** What is wrong with it; null for a loss that a job may use on purpose. */
  readonly code: string | null
  readonly prior: number
  /** True where a rounded probability changes the loss by its own error, and not by that divided by it. */
  readonly isLinear?: true
  loss(sums: BatchSums): number
}

/** What is added to both sides of a Dice loss, that of no overlap at all being 0/0. */
const SMOOTHS = [0, 1] as const

const isSoft = ({ truthEntropy }: BatchSums) => truthEntropy > 0

/**
 * The losses that are no cross-entropy of the rows, or one of other rows than a batch has. To add one, add its line here.
 *
 * Formulas: `kl_div`, `nll_loss` of PyTorch's documentation; focal loss of Lin et al. (arXiv 1708.02002); Dice loss of
 * Milletari et al. (arXiv 1606.04797).
 */
const WAYS: readonly Way[] = [
  {
    ...way('the mean of −p', CAUSE.missingLog, 0.3, (sums) =>
      sums.columns === 1 ? NaN : -sums.trueProbability / sums.rows,
    ),
    isLinear: true,
  },
  way('the mean of −z', CAUSE.missingLog, 0.3, (sums) => -sums.trueNumber / sums.rows),
  way('KL divergence', null, 0.4, (sums) => ofSoft(sums, divergence(sums) / sums.rows)),
  way('KL divergence over rows and classes', CAUSE.wrongReduction, 0.3, (sums) =>
    ofSoft(sums, divergence(sums) / sums.rows / sums.classes),
  ),
  way('kl_div of probabilities', CAUSE.missingLog, 0.3, (sums) => ofSoft(sums, unlogged(sums) / sums.rows)),
  way('kl_div of probabilities, over rows and classes', CAUSE.missingLog, 0.3, (sums) =>
    ofSoft(sums, unlogged(sums) / sums.rows / sums.classes),
  ),
  way('kl_div of logits', CAUSE.missingLog, 0.3, (sums) => ofSoft(sums, unloggedLogits(sums) / sums.rows)),
  way('kl_div of logits, over rows and classes', CAUSE.missingLog, 0.3, (sums) =>
    ofSoft(sums, unloggedLogits(sums) / sums.rows / sums.classes),
  ),
  way('each guess against each label', CAUSE.broadcast, 0.3, ({ broadcast }) => broadcast.crossEntropy),
  way('squared error of each guess and each label', CAUSE.broadcast, 0.2, ({ broadcast }) => broadcast.squaredError),
  way('weighted by the weights of the record', null, 0.9, ({ weighted }) =>
    weighted === null ? NaN : weighted.loss / weighted.total,
  ),
  way('weighted by the weights of the record, over all rows', null, 0.7, ({ weighted, rows }) =>
    weighted === null ? NaN : weighted.loss / rows,
  ),
  way('mean absolute error', null, 0.1, ({ absoluteError, rows, columns }) => absoluteError / rows / columns),
  ...GAMMAS.flatMap((gamma, at) => [
    way(`focal loss, γ = ${gamma}`, null, 0.1, ({ focal, rows }) => focal[at]! / rows),
    way(`focal loss, γ = ${gamma}, α = ${ALPHA}`, null, 0.1, ({ focal, balancedFocal, rows, columns }) =>
      columns === 1 ? balancedFocal[at]! / rows : (ALPHA * focal[at]!) / rows,
    ),
  ]),
  ...SMOOTHS.flatMap((smooth) => [
    way(`Dice loss + ${smooth}`, null, 0.1, (sums) => dice(sums, smooth)),
    way(`Dice loss of squares + ${smooth}`, null, 0.05, (sums) => dice(sums, smooth, true)),
    way(
      `cross-entropy and Dice loss + ${smooth}`,
      null,
      0.1,
      (sums) => sums.crossEntropy / sums.rows + dice(sums, smooth),
    ),
    way(
      `half of cross-entropy and Dice loss + ${smooth}`,
      null,
      0.05,
      (sums) => (sums.crossEntropy / sums.rows + dice(sums, smooth)) / 2,
    ),
  ]),
]

function way(key: string, code: string | null, prior: number, loss: Way['loss']): Way {
  return { key, code, prior, loss }
}

function ofSoft(sums: BatchSums, value: number): number {
  return isSoft(sums) ? value : NaN
}

function divergence({ crossEntropy, truthEntropy }: BatchSums): number {
  return crossEntropy - truthEntropy
}

/** Σ t (ln t − p): the divergence whose second logarithm is missing. */
function unlogged({ truthEntropy, trueProbability }: BatchSums): number {
  return -truthEntropy - trueProbability
}

/** Σ t (ln t − z): the same of numbers that are no probabilities either. */
function unloggedLogits({ truthEntropy, trueNumber }: BatchSums): number {
  return -truthEntropy - trueNumber
}

/** 1 − 2 Σ t p / (Σ t + Σ p), the mean over the columns. */
function dice({ overlap }: BatchSums, smooth: number, isOfSquares = false): number {
  const share = (of: Overlap) => {
    const size = isOfSquares ? of.guessedSquared + of.trueSquared : of.guessed + of.true
    return 1 - (2 * of.both + smooth) / (size + smooth)
  }
  return overlap.reduce((sum, column) => sum + share(column), 0) / overlap.length
}

/** The candidates of the table for a batch. */
export function wayCandidates(sums: BatchSums): LossCandidate[] {
  return WAYS.map(({ key, code, prior, isLinear, loss }) => ({
    key,
    code,
    value: loss(sums),
    prior,
    occurs: 'always',
    needsDigits: true,
    ...(isLinear === true && { isLinear }),
  }))
}

/** Two things at once are so much rarer than the rarer of them. */
const RARER = 0.1

/**
 * The same losses as a sum, over rows and classes, or in bits: two things at once.
 *
 * A loss that a job uses on purpose may be summed on purpose as well; one that is wrong stays wrong. One that is harmless,
 * as label smoothing is, has the cause of its scale.
 */
export function scaledTwice(candidates: readonly LossCandidate[], { rows, columns }: BatchSums): LossCandidate[] {
  const scales = [
    { key: 'sum', code: CAUSE.wrongReduction, factor: rows },
    ...(columns > 1 ? [{ key: 'over rows and classes', code: CAUSE.wrongReduction, factor: 1 / columns }] : []),
    { key: 'bits', code: CAUSE.unitOfTheLogarithm, factor: 1 / Math.LN2 },
  ]
  return candidates.flatMap((candidate) =>
    scales.map(({ key, code, factor }) => ({
      ...withoutOwnError(candidate),
      key: `${candidate.key}, ${key}`,
      code: candidate.code !== null && causeOf(candidate.code)?.isHarmless === true ? code : candidate.code,
      value: candidate.value * factor,
      prior: candidate.prior * RARER,
      needsDigits: true as const,
    })),
  )
}

/** The error of a mean is not that of its sum. */
function withoutOwnError({ isLinear: _, ...candidate }: LossCandidate): LossCandidate {
  return candidate
}
