import { toNumber } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import { WRITTEN_DIVERGENCE } from '../causes/r2-zero-times-log-zero.ts'
import { onlyLabelOf } from '../measure/batch-reading.ts'
import { Guess } from '../measure/guess.ts'
import { printedError } from '../measure/printed.ts'
import { rounding, ulpOfOne } from '../measure/rounding.ts'
import { batchSums } from './batch-sums.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'
import { closedCandidates, damagedCandidates } from './damaged-candidates.ts'
import { doubleSoftmaxCandidates } from './double-softmax.ts'
import { guardedCandidates } from './guarded-candidates.ts'
import { jobLossSum, lossSumOfLogits } from './job-loss.ts'
import { marginCandidates } from './margin-candidates.ts'
import { regressionCandidates } from './regression-candidates.ts'
import { NAN_LABELS } from './search-result.ts'
import { SMOOTHINGS } from './shared-constants.ts'
import { softmaxCandidates } from './softmax-candidates.ts'
import { type Terms, termsOf } from './terms.ts'
import { scaledTwice, wayCandidates } from './ways.ts'
import { badWeightCandidates } from './weight-candidates.ts'

/**
 * Every candidate without a free parameter for the loss of a batch.
 *
 * A batch without rows that count, or with predictions that are not finite, has
 * only the few candidates for that. A loss that is not finite is never right, so
 * each candidate that gives one has a cause. To add a candidate, add it to the
 * function of its kind below.
 */
export function candidatesOf(subject: SearchedBatch): LossCandidate[] {
  const { measure } = subject
  const { count: nanLabels } = measure.nanLabel ?? { count: 0 }
  if (nanLabels > 0) return nanLabelCandidates(subject)
  if (measure.badLabel.count === 0 && measure.used === 0) {
    return [once('no row that counts', CAUSE.nothingToAverage, NaN, 1), once('sum of no row', null, 0, 1)]
  }
  // A NaN in a row that is ignored harms no loss.
  const isNaNUsed = measure.nan.count > 0 && measure.crossEntropy === 'NaN'
  if (isNaNUsed || measure.infinite.count > 0) return damagedCandidates(subject)
  const closed = closedCandidates(subject)
  if (closed.length > 0) return closed
  const { kind } = subject.batch
  const ofLogits = subject.wantsFailuresOnly && kind !== 'logits' ? [] : logitCandidates(subject)
  return [
    ...rightCandidates(subject),
    ...badWeightCandidates(subject.batch),
    ...labelCandidates(subject),
    ...logarithmCandidates(subject),
    ...writtenDivergence(subject),
    ...ofLogits,
    ...exponentialCandidates(subject),
    ...unguardedCandidates(subject),
    ...(subject.wantsFailuresOnly ? [] : regressionCandidates(subject.batch)),
    ...(subject.wantsFailuresOnly ? [] : otherCandidates(subject, kind === 'probs' ? ofLogits : [])).filter(
      ({ value }) => Number.isFinite(value),
    ),
  ].filter(({ code, value }) => code !== null || Number.isFinite(value))
}

function always(key: string, code: string | null, value: number, prior: number): LossCandidate {
  return { key, code, value, prior, occurs: 'always' }
}

function once(key: string, code: string | null, value: number, prior: number): LossCandidate {
  return { key, code, value, prior, occurs: 'once' }
}

/** The cross-entropy as it should be, and other losses that a job may use on purpose. */
function rightCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, measure } = subject
  const squared = toNumber(measure.squaredError)
  const classes = Math.max(batch.k, 2)
  const code =
    measure.outOfRange.count > 0 ? CAUSE.logitsAsProbabilities : isNotNormalised(subject) ? CAUSE.notNormalised : null
  return [
    always('mean', code, toNumber(measure.crossEntropy), 1),
    always('mean squared error', null, squared / classes, 0.3),
    always('squared error of each row', null, squared, 0.1),
    always('half of the squared error', null, squared / 2, 0.05),
    ...marginCandidates(batch),
  ]
}

/**
 * R15: whether too many rows do not sum to 1, by more than rounding explains. Numbers outside of [0, 1] are R13 instead.
 *
 * Where each of them sums to less and holds a 0, the log has left out what is small, as one of the likeliest classes does.
 */
function isNotNormalised({ batch, measure: { notNormalised, outOfRange }, dtype }: SearchedBatch): boolean {
  const { n, k, values, kind } = batch
  if (kind !== 'probs' || batch.labels.kind === 'soft' || outOfRange.count > 0 || notNormalised.count === 0)
    return false
  const tolerance = Math.max(1e-3, ulpOfOne(dtype), k * printedError(batch))
  let odd = 0
  let isCut = true
  for (let i = 0; i < n; i++) {
    let sum = 0
    let hasZero = false
    for (let j = 0; j < k; j++) {
      sum += values[i * k + j]!
      hasZero ||= values[i * k + j] === 0
    }
    if (Math.abs(sum - 1) <= tolerance) continue
    odd += 1
    isCut &&= sum < 1 && hasZero
  }
  return !isCut && odd * 10 > n
}

/** R30: a label is NaN. A loss that is finite leaves such rows out; a prediction that is NaN may be the first cause as well. */
function nanLabelCandidates(subject: SearchedBatch): LossCandidate[] {
  const { measure } = subject
  const isDamaged = measure.nan.count > 0 || measure.infinite.count > 0
  return [
    { key: NAN_LABELS, code: CAUSE.nanInLabels, value: NaN, prior: 0.9, occurs: 'seldom' },
    ...(isDamaged ? damagedCandidates(subject) : []),
    ...(measure.used > 0 && !isDamaged ? rightCandidates(subject) : []),
  ]
}

/** R11: rows whose label is no class. With one column, or with soft labels, they are R12 instead. */
function labelCandidates({ batch, measure, dtype }: SearchedBatch): LossCandidate[] {
  if (measure.badLabel.count === 0) return []
  if (batch.k === 1 || batch.labels.kind === 'soft') {
    return batch.kind === 'logits'
      ? [
          once(
            'binary loss of any target',
            CAUSE.targetOutside01,
            lossSumOfLogits(batch, true) / (batch.n * batch.k),
            1,
          ),
        ]
      : []
  }
  const sum = measure.used === 0 ? 0 : toNumber(measure.crossEntropy) * measure.used
  const candidates = [
    // A finite loss of such a batch speaks against it.
    { ...once('rows of bad labels are NaN', CAUSE.labelOutOfRange, NaN, 1), occurs: 'seldom' as const },
    ...(Number.isFinite(sum)
      ? [
          once(
            'rows of bad labels cost nothing',
            CAUSE.labelOutOfRange,
            sum / (measure.used + measure.badLabel.count),
            0.5,
          ),
        ]
      : []),
    // Where one label stands for no class in each row it may as well be the one that leaves rows out.
    ...(onlyLabelOf(batch) === null ? [] : [once('no row that counts', CAUSE.nothingToAverage, NaN, 1)]),
  ]
  if (batch.kind !== 'probs') return candidates
  const wrapped = termsOf(batch, 'given', dtype, false, 'wraps')
  const value = jobLossSum(wrapped, { kind: 'none' }, 'gather', dtype) / wrapped.rows
  return wrapped.rows > measure.used && Number.isFinite(value)
    ? [...candidates, once('negative labels wrap', CAUSE.labelOutOfRange, value, 0.5)]
    : candidates
}

/** Losses that take the logarithm of a probability, which is either logged or the softmax of logged logits. */
function logarithmCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, measure, dtype } = subject
  if (batch.kind === 'logits') return softmaxCandidates(subject)
  const hasOddTargets = batch.k === 1 && measure.badLabel.count > 0
  const terms = termsOf(batch, 'given', dtype)
  const isOdd = isNotNormalised(subject)
  const candidates = guardedCandidates(terms, subject, isOdd ? CAUSE.notNormalised : null)
  const wrong = hasOddTargets
    ? CAUSE.targetOutside01
    : measure.outOfRange.count > 0
      ? CAUSE.logitsAsProbabilities
      : null
  if (wrong !== null) return candidates.map((candidate) => ({ ...candidate, code: wrong }))
  return [
    ...candidates,
    ...(isOdd ? [always('rows divided by their sums', CAUSE.notNormalised, renormalised(subject), 0.8)] : []),
    ...multiLabelCandidates(subject),
  ]
}

/** R2: a divergence from soft labels that takes the logarithm of a target of 0. */
function writtenDivergence({ batch: { labels, k }, measure }: SearchedBatch): LossCandidate[] {
  if (labels.kind === 'hard' || k === 1) return []
  if (!labels.targets.includes(0))
    return [{ ...always(WRITTEN_DIVERGENCE, null, toNumber(measure.klDivergence), 0.3), needsDigits: true }]
  const broken = always(WRITTEN_DIVERGENCE, CAUSE.zeroTimesLogZero, NaN, 0.3)
  return [{ ...broken, isDecisive: true, recordOf: WRITTEN_DIVERGENCE }]
}

function renormalised({ batch, dtype }: SearchedBatch): number {
  const terms = termsOf(batch, 'renormalised', dtype)
  return jobLossSum(terms, { kind: 'none' }, 'gather', dtype) / terms.rows
}

/** Larger batches with one class per label are not tried with a loss for each class: it is rare, and takes a logarithm for each number. */
const MANY_NUMBERS = 65_536

/** Losses that are a binary loss for each class. */
function multiLabelCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, dtype, measure } = subject
  if (batch.k === 1 || batch.kind !== 'probs') return []
  if (batch.labels.kind === 'hard' && batch.values.length > MANY_NUMBERS) return []
  const terms: Terms = termsOf(batch, 'given', dtype, true)
  const hasZeros = measure.zeroOnTruth.count > 0 || measure.zeroOffTruth.count > 0
  // Beside a p of 1 the others need not be 0, but the logarithm of 1 − p is that of 0.
  const hasOnes = terms.probabilities.includes(1)
  return guardedCandidates(terms, subject, null, hasZeros || hasOnes).map((candidate) => ({
    ...candidate,
    // It is another number than the mean in each batch, so a right mean speaks against it.
    occurs: 'always',
    ...(!hasZeros && { recordOf: `for each class: ${candidate.key}` }),
    key: `for each class: ${candidate.key}`,
    prior: candidate.prior / (batch.labels.kind === 'soft' ? 1 : 5),
  }))
}

/** R13 and R14: logits taken for probabilities, and probabilities taken for logits. */
function logitCandidates({ batch, measure, dtype }: SearchedBatch): LossCandidate[] {
  if (batch.kind === 'logits') {
    const raw = termsOf(batch, 'raw', dtype)
    const value = jobLossSum(raw, { kind: 'none' }, raw.isBinary ? 'multiply' : 'gather', dtype) / Math.max(1, raw.rows)
    const binary =
      batch.k === 1
        ? []
        : [always('binary loss of each class', null, lossSumOfLogits(batch, true) / (batch.n * batch.k), 0.3)]
    return [always('logits as probabilities', CAUSE.logitsAsProbabilities, value, 0.5), ...binary]
  }
  if (batch.kind !== 'probs') return []
  // Numbers outside of [0, 1] that the loss takes for logits are logits under a wrong name, and nothing is wrong with the loss.
  const code = measure.outOfRange.count > 0 ? null : CAUSE.doubleSoftmax
  const twice = always('probabilities as logits', code, lossSumOfLogits(batch) / measure.used, 0.5)
  if (batch.k === 1) return [twice]
  return [
    twice,
    always('sigmoid of each class twice', code, lossSumOfLogits(batch, true) / (measure.used * batch.k), 0.1),
  ]
}

const FEW_DIGITS = 3
const NEAR_SHARE = 0.05
const EXPONENTS = [
  ['exp of the mean', 1],
  ['exp of twice the mean', 2],
] as const

/**
 * R34: the exponential of the loss. While it does not overflow it is a perplexity, which is right.
 *
 * Few digits fit it by chance, as 2 is the exponential of ln 2, and so do losses of other files.
 */
function exponentialCandidates({ batch: { reportedLoss }, measure, dtype }: SearchedBatch): LossCandidate[] {
  const mean = toNumber(measure.crossEntropy)
  if (reportedLoss === null || !Number.isFinite(mean)) return []
  const reported = toNumber(reportedLoss)
  const isOfFewDigits = Number(reported.toPrecision(FEW_DIGITS)) === reported
  return EXPONENTS.flatMap(([key, exponent]) => {
    const value = rounding(dtype)(Math.exp(exponent * mean))
    if (isOfFewDigits && Math.abs(value - reported) < NEAR_SHARE * reported) return []
    return [always(key, Number.isFinite(value) ? null : CAUSE.expOverflow, value, 0.02)]
  })
}

/** Losses that are no cross-entropy, and the right one over another count or in another unit, one such thing or two at once. `twice`: a softmax too many. */
function otherCandidates(subject: SearchedBatch, twice: readonly LossCandidate[]): LossCandidate[] {
  const sums = batchSums(subject.batch)
  const ways = wayCandidates(sums)
  const smoothed = smoothedCandidates(subject)
  const ofMore = doubleSoftmaxCandidates(subject)
  const scaled = scaledTwice([...ways, ...smoothed, ...twice, ...ofMore], sums)
  return [...ways, ...smoothed, ...ofMore, ...scaledCandidates(subject), ...scaled]
}

/** R1 and R2 of a job whose finite losses are smoothed, scaled or made of more than the logarithm, which breaks with it all the same. */
function unguardedCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, measure } = subject
  if (measure.zeroOnTruth.count + measure.zeroOffTruth.count === 0) return []
  const scaled = scaledCandidates(subject)
  const broken =
    (code: string, value: number) =>
    ({ key, prior }: LossCandidate): LossCandidate => ({
      ...always(`${key}, without a guard`, code, value, prior),
      recordOf: key,
    })
  return [
    ...[...scaled, ...smoothedCandidates(subject), ...wayCandidates(batchSums(batch))]
      .filter(({ value }) => value === Infinity)
      .map(broken(CAUSE.logZero, Infinity)),
    ...(measure.zeroOffTruth.count > 0 ? scaled.map(broken(CAUSE.zeroTimesLogZero, NaN)) : []),
  ]
}

/** R17, R18 and R21: the right loss over another count, or in another unit. */
function scaledCandidates(subject: SearchedBatch): LossCandidate[] {
  const { batch, measure } = subject
  const mean = toNumber(measure.crossEntropy)
  return [
    always('sum', CAUSE.wrongReduction, mean * measure.used, 0.5),
    ...(batch.k > 1 ? [always('mean over rows and classes', CAUSE.wrongReduction, mean / batch.k, 0.2)] : []),
    ...(measure.used + measure.badLabel.count < measure.n
      ? [always('mean over ignored rows, too', CAUSE.weightsOrMask, (mean * measure.used) / measure.n, 0.3)]
      : []),
    always('sum in bits', CAUSE.wrongReduction, (mean * measure.used) / Math.LN2, 0.03),
    always('bits', CAUSE.unitOfTheLogarithm, mean / Math.LN2, 0.4),
    always('decimal digits', CAUSE.unitOfTheLogarithm, mean / Math.LN10, 0.1),
    always('nats taken for bits', CAUSE.unitOfTheLogarithm, mean * Math.LN2, 0.1),
  ]
}

/** R19: the loss of smoothed labels, over all classes or over the others only; as a KL divergence it is less by their entropy. */
function smoothedCandidates(subject: SearchedBatch): LossCandidate[] {
  const mean = toNumber(subject.measure.crossEntropy)
  const uniform = uniformLoss(subject)
  const classes = Math.max(2, subject.batch.k)
  return SMOOTHINGS.flatMap((smoothing) => {
    const named = `label smoothing ${smoothing}`
    const ofAll = (1 - smoothing) * mean + smoothing * uniform
    const ofOthers = (1 - smoothing) * mean + (smoothing * (classes * uniform - mean)) / (classes - 1)
    const rare = (key: string, value: number) => ({
      ...always(`${named}${key}`, CAUSE.labelSmoothing, value, 0.05),
      needsDigits: true as const,
    })
    return [
      always(named, CAUSE.labelSmoothing, ofAll, 0.2),
      rare(' over the other classes', ofOthers),
      rare(', less its entropy', ofAll - smoothedEntropy(smoothing - smoothing / classes, classes)),
      rare(' over the other classes, less its entropy', ofOthers - smoothedEntropy(smoothing, classes)),
    ]
  })
}

/** The entropy of a label that gives the other classes together such a share. */
function smoothedEntropy(others: number, classes: number): number {
  return -(1 - others) * Math.log(1 - others) - others * Math.log(others / (classes - 1))
}

/** The mean of −ln p over all rows and classes, which is the loss for uniform labels. */
export function uniformLoss({ batch, measure }: Pick<SearchedBatch, 'batch' | 'measure'>): number {
  const guess = new Guess(batch.kind, batch.k)
  let sum = 0
  for (let i = 0; i < batch.n; i++) {
    if (batch.labels.kind === 'hard' && batch.labels.classes[i] === -100) continue
    guess.read(batch.values, i * batch.k)
    for (const logP of guess.logP) sum -= logP
  }
  return sum / (guess.logP.length * measure.used)
}
