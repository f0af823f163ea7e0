import { type Finite, type MetricValue, metricValue, toNumber } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import { decimalsOf, halfUnit, shownDecimals } from '../measure/printed.ts'
import { isOfRegression } from '../measure/regression.ts'
import { dtypeOf, rounding } from '../measure/rounding.ts'
import type { LossCandidate, SearchedBatch } from './candidate.ts'
import { candidatesOf } from './candidates.ts'
import { comparableOf } from './difference.ts'
import { fittedWeights } from './fitted-weights.ts'
import { leftOutLabel, meanWithoutLabel } from './left-out-label.ts'
import { type Likelihoods, NO_LIKELIHOODS, posteriorOf, tallyOf, withDifference, withSearched } from './likelihood.ts'
import { marginLabels } from './margin-candidates.ts'
import {
  LATE_CANDIDATE,
  likeliestFirst,
  ODD_TARGETS,
  type RatedCandidate,
  type SearchResult,
  withLateNan,
} from './search-result.ts'
import { candidatesOfMany, followsReported } from './shared-constants.ts'
import { NAIVE_SOFTMAX } from './softmax-candidates.ts'
import {
  asPrinted,
  CLEARANCE,
  hasDigits,
  isSameLoss,
  LINEAR_PRECISION,
  linearToleranceOf,
  type Tolerance,
  toleranceOf,
} from './tolerance.ts'
import { fittedWeightCandidates } from './weight-candidates.ts'

interface Searched {
  readonly likelihoods: Likelihoods
  /** Null for a batch with nothing odd about it. */
  readonly result: SearchResult | null
}

/**
 * Finds how the loss of one batch may have been computed, and updates the likelihoods of its attempt.
 *
 * Only a loss that was logged with the batch is used. A loss in another file may
 * be read before or after the batch, and the order must not change the result.
 */
export function searchBatch(
  before: Likelihoods,
  batch: PredictionBatch,
  measure: BatchMeasure,
  attempt: number,
): Searched {
  const { reportedLoss } = batch
  const ofAttempt = before.attempt === attempt ? before : { ...NO_LIKELIHOODS, attempt }
  const { likelihoods, result } = isPlain(batch, measure, reportedLoss, ofAttempt)
    ? { likelihoods: reportedLoss === null ? ofAttempt : withPlain(ofAttempt), result: null }
    : searched(ofAttempt, batch, measure, reportedLoss)
  return { likelihoods: withBatch(likelihoods, batch, measure), result }
}

/** Whether nothing is odd about the batch, and its loss is right to the precision of a float32. Such a batch is not searched. */
function isPlain(
  batch: PredictionBatch,
  measure: BatchMeasure,
  reportedLoss: MetricValue | null,
  before: Likelihoods,
): boolean {
  const { zeroOnTruth, zeroOffTruth, nan, infinite, outOfRange, badLabel, nanLabel, notNormalised, used } = measure
  const odd = [zeroOnTruth, zeroOffTruth, nan, infinite, outOfRange, badLabel]
  if (used === 0 || (nanLabel?.count ?? 0) > 0 || odd.some(({ count }) => count > 0)) return false
  // Logits have no zeros to count. Only the distances between them show whether a softmax of them would underflow.
  if (reportedLoss === null) return batch.kind !== 'logits' || !isFarApart(batch)
  if (typeof reportedLoss === 'string' || notNormalised.count > 0) return false
  return isRight(measure, reportedLoss) && !(batch.kind === 'logits' && isFarApart(batch) && mayRefute(before))
}

/** A right loss of logits that are far apart shows that no softmax of them failed. After a few such batches there is nothing more to learn. */
function mayRefute({ tallies }: Likelihoods): boolean {
  const [reproduced, missed] = tallies[`${NAIVE_SOFTMAX}, gather`] ?? [0, 0]
  return reproduced + missed < MOST_REFUTING
}

function isRight({ crossEntropy }: BatchMeasure, reportedLoss: Finite): boolean {
  return Math.abs(toNumber(crossEntropy) - reportedLoss) <= 1e-6 + 1e-5 * Math.abs(reportedLoss)
}

const MOST_REFUTING = 8
/** From so many right losses on a job is known to compute its loss as it should. */
const RIGHT_BATCHES = 5
/** A way that has given so many other losses than the reported one for each that it gave, and more, is not tried again. */
const MOST_DENIALS = 3

/** Half of the distance at which a softmax in this type is 0. Among logits below it no softmax is 0, and no exp overflows. */
const HARMLESS_LOGIT: Readonly<Record<Dtype, number>> = { float16: 8, bfloat16: 44, float32: 44, float64: 350 }

function isFarApart(batch: PredictionBatch): boolean {
  const { values } = batch
  const limit = HARMLESS_LOGIT[typeIn(batch)]
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > limit) return true
  return false
}

/** The type in which the job computed; float32, the usual one, where nothing shows it. */
export function typeIn({ dtype, values }: PredictionBatch): Dtype {
  return dtype ?? dtypeOf(values) ?? 'float32'
}

function searched(
  before: Likelihoods,
  batch: PredictionBatch,
  measure: BatchMeasure,
  reportedLoss: MetricValue | null,
): Searched {
  const dtype = typeIn(batch)
  const subject: SearchedBatch = {
    batch,
    measure,
    dtype,
    wantsFailuresOnly: typeof reportedLoss !== 'number' || isRight(measure, reportedLoss),
    isDamagedFromTheStart: before.damaged === before.batches,
    largestLogitBefore: before.largestLogit,
  }
  const ofBatch = candidatesOf(subject)
  const isRounded = dtype === 'float16' && before.hasWideLosses === true
  const isOfNothing = ({ code }: LossCandidate) => code === CAUSE.nothingToAverage
  const ofRows = ofBatch.some(isOfNothing) && isOfPart(before) ? ofBatch.filter((one) => !isOfNothing(one)) : ofBatch
  const all = [...(isRounded ? withoutHalves(ofRows) : ofRows), ...candidatesOfThePast(before, measure)]
  const isOpen = measure.crossEntropy === 'Infinity'
  if (reportedLoss === null) {
    const failing = all.filter((one) => !Number.isFinite(one.value) && isEarned(one, before))
    return { likelihoods: before, result: { verdict: 'unknown', dtype, candidates: rated(failing, before), isOpen } }
  }
  const reported = toNumber(reportedLoss)
  const tolerance = asPrinted(toleranceOf(batch, dtype, before.decimals), reported)
  const linear = asPrinted(linearToleranceOf(batch, dtype, before.decimals), reported)
  const errorOf = ({ isLinear }: LossCandidate) => (isLinear === true ? linear : tolerance)
  const isLikely = isNotDenied(before)
  const isFar = isApart(measure, reported, tolerance)
  const candidates = all.filter((one) => {
    if (hasDigits(reported, errorOf(one))) return isLikely(one)
    // What the logarithm does not spread is told by fewer digits.
    return isFar(one) && (one.isLinear !== true || (isLikely(one) && hasDigits(reported, linear, LINEAR_PRECISION)))
  })
  const explains = (candidate: LossCandidate) => isSameLoss(candidate.value, reported, errorOf(candidate))
  const explained = rated(
    candidates.filter((one) => explains(one) && isEarned(one, before)),
    before,
  )
  const isNoCrossEntropy = explained.length === 0 && isOfRegression(batch)
  const fitting = isNoCrossEntropy ? explained : withOddTargets(explained, batch, measure, reportedLoss)
  let likelihoods = withSearched(before, candidates, explains, Number.isFinite(reported))
  if (!Number.isFinite(reported)) {
    // A logarithm that is not guarded gives right losses until it meets a 0.
    const [late] = rated(isRounded ? withoutHalves([LATE_CANDIDATE]) : [LATE_CANDIDATE], before)
    const failing = withLateNan(
      fitting.length > 0 ? fitting : withFittedWeights(subject, before, explains),
      measure,
      reportedLoss,
      isOfPart(before) ? { ...late!, tally: [0, before.differences.length] } : late,
    )
    return { likelihoods, result: { verdict: 'failed', dtype, candidates: failing, isOpen } }
  }
  if (isNoCrossEntropy) return { likelihoods: before, result: { verdict: 'agrees', dtype, candidates: [], isOpen } }
  // The loss is finite although a true class has probability 0, so the job guards its logarithm.
  if (measure.zeroOnTruth.count > 0) likelihoods = withSearched(likelihoods, [LATE_CANDIDATE], () => false)
  // Where only the recomputed loss is infinite, the job may have computed its own from logits that are not logged.
  if (fitting[0]?.code === null || (fitting.length === 0 && isOpen)) {
    return { likelihoods: withAgreed(likelihoods), result: { verdict: 'agrees', dtype, candidates: fitting, isOpen } }
  }
  const comparable = comparableOf(subject)
  if (comparable !== null) likelihoods = withDifference(likelihoods, { reported, ...comparable })
  if (leftOutLabel(likelihoods.differences) !== null) {
    const candidates = [meanWithoutLabel(reportedLoss)]
    return { likelihoods, result: { verdict: 'agrees', dtype, candidates, isOpen } }
  }
  const explaining = likeliestFirst([...fitting, ...candidatesOfMany(likelihoods.differences, reportedLoss)])
  const left = explaining.length > 0 ? explaining : whatIsLeft(batch, before, likelihoods.differences, reportedLoss)
  return { likelihoods, result: { verdict: 'differs', dtype, candidates: left, isOpen } }
}

/** By so many losses that no way gives the predictions are known to be others than those of the loss, or a part of them. */
const LEAST_UNEXPLAINED = 3

/** Whether the predictions may be a part of the rows: no loss before was right, and no way of computing gives most of them. */
function isOfPart({ differences, agreed, tallies }: Likelihoods): boolean {
  if (differences.length < LEAST_UNEXPLAINED || agreed > 0) return false
  if (candidatesOfMany(differences, 'NaN').length > 0) return false
  return !Object.values(tallies).some(([reproduced]) => 2 * reproduced > differences.length)
}

/** Of the many ways one gives a loss by chance now and then. One that has mostly given others is none. */
function isNotDenied(before: Likelihoods): (candidate: LossCandidate) => boolean {
  return (candidate) => {
    if (candidate.needsDigits !== true) return true
    const [reproduced, missed] = tallyOf(candidate, before)
    return missed <= MOST_DENIALS * (reproduced + 1)
  }
}

/** A NaN has no digits, and of rare ways there are many: one of them explains it where it has given losses that have. */
function isEarned(candidate: LossCandidate, before: Likelihoods): boolean {
  return candidate.recordOf === undefined || Number.isFinite(candidate.value) || tallyOf(candidate, before)[0] > 0
}

/** By numbers of few digits smoothed labels are told from the right ones only where the two losses are far apart. */
function isApart({ crossEntropy }: BatchMeasure, reported: number, tolerance: Tolerance) {
  const right = toNumber(crossEntropy)
  const margin = tolerance.absolute + tolerance.relative * Math.abs(reported)
  return ({ needsDigits, isLinear, code, value }: LossCandidate) => {
    const isNear = Math.abs(value - right) <= CLEARANCE * margin
    return isLinear === true ? !isNear : needsDigits !== true && !(isNear && code === CAUSE.labelSmoothing)
  }
}

/** R29, where the predictions and the labels of a loss that is no number are sound. */
function withFittedWeights(
  { batch, measure }: SearchedBatch,
  before: Likelihoods,
  explains: (candidate: LossCandidate) => boolean,
): readonly RatedCandidate[] {
  if (typeof measure.crossEntropy === 'string') return []
  return rated(fittedWeightCandidates(batch, fittedWeights(before.differences)).filter(explains), before)
}

/** R37 and R38: what is left to say of a finite loss that no way of computing gives. */
function whatIsLeft(
  { isOfValidation }: PredictionBatch,
  { agreed }: Likelihoods,
  differences: Likelihoods['differences'],
  value: MetricValue,
): readonly RatedCandidate[] {
  if (isOfValidation === true && agreed >= RIGHT_BATCHES)
    return [{ code: CAUSE.validationDiffers, key: 'another way than in training', value, weight: 0.05 }]
  return followsReported(differences)
    ? [{ code: CAUSE.otherPredictions, key: 'predictions of another moment', value, weight: 0.05 }]
    : []
}

/** A target outside of [0, 1] explains a binary loss even if no candidate gives its number, as with saturated predictions. */
function withOddTargets(
  fitting: readonly RatedCandidate[],
  batch: PredictionBatch,
  { badLabel }: BatchMeasure,
  value: MetricValue,
): readonly RatedCandidate[] {
  const { k, labels } = batch
  if (fitting.length > 0 || badLabel.count === 0 || (k > 1 && labels.kind === 'hard')) return fitting
  if ((labels.kind === 'hard' ? labels.classes : labels.targets).some(Number.isNaN)) return fitting
  // A loss of margins is never negative, and a binary one of such labels is, sooner or later.
  if (marginLabels(batch) !== null && toNumber(value) >= 0) return fitting
  return [{ code: CAUSE.targetOutside01, key: ODD_TARGETS, value, weight: 0.5 }]
}

/** R22: the loss of the batch before, or the mean of all so far. */
function candidatesOfThePast(
  { previous, batches, runningTotal }: Likelihoods,
  { crossEntropy }: BatchMeasure,
): LossCandidate[] {
  if (previous === null || typeof crossEntropy === 'string') return []
  const stale = { code: CAUSE.staleLoss, prior: 0.1, occurs: 'always' } as const
  return [
    { ...stale, key: 'loss of the batch before', value: previous },
    { ...stale, key: 'mean of all batches so far', value: (runningTotal + crossEntropy) / (batches + 1) },
  ]
}

/** The likeliest candidate of each code and number. */
function rated(candidates: readonly LossCandidate[], likelihoods: Likelihoods): readonly RatedCandidate[] {
  const best = new Map<string, RatedCandidate>()
  for (const candidate of candidates) {
    const { code, key } = candidate
    const value = metricValue(candidate.value)
    const weight = posteriorOf(candidate, likelihoods)
    const name = `${code} ${typeof value === 'string' ? value : 'finite'}`
    const known = best.get(name)
    if (known === undefined || known.weight < weight) {
      const tally = candidate.isDamage === true ? {} : { tally: tallyOf(candidate, likelihoods) }
      const isRefuted = likelihoods.refuted?.includes(key) === true
      const isNoNews = candidate.isNoNews === true
      const shown = { ...tally, ...(isRefuted && { isRefuted }), ...(isNoNews && { isNoNews }) }
      best.set(name, { code, key, value, weight, ...shown })
    }
  }
  return likeliestFirst([...best.values()])
}

function withPlain(likelihoods: Likelihoods): Likelihoods {
  return { ...withAgreed(likelihoods), plain: (likelihoods.plain ?? 0) + 1 }
}

function withAgreed(likelihoods: Likelihoods): Likelihoods {
  return { ...likelihoods, agreed: likelihoods.agreed + 1 }
}

/** Whether a loss is none that a float16 holds, as far as it is printed. */
function isNoHalf(loss: MetricValue | null): boolean {
  if (typeof loss !== 'number') return false
  return Math.abs(rounding('float16')(loss) - loss) > halfUnit(decimalsOf(loss))
}

/** What a 0 in float16 says where the job computes in another type: the predictions were rounded to it for the log. */
const OF_ROUNDED_ZERO = 0.005
const OF_ZEROS: readonly string[] = [CAUSE.logZero, CAUSE.zeroTimesLogZero, CAUSE.clipLostInFloat32]

/** The candidates of a batch in float16 of a job whose losses are none: its zeros are those of the log, and its ε is not lost. */
function withoutHalves(candidates: readonly LossCandidate[]): LossCandidate[] {
  return candidates.flatMap((candidate) => {
    const { code, prior, value } = candidate
    if (code === CAUSE.epsilonLostInFloat16) return []
    const isOfZero = code !== null && OF_ZEROS.includes(code) && !Number.isFinite(value)
    return [isOfZero ? { ...candidate, prior: prior * OF_ROUNDED_ZERO } : candidate]
  })
}

function withBatch(likelihoods: Likelihoods, batch: PredictionBatch, { crossEntropy, nan }: BatchMeasure): Likelihoods {
  const { kind, values } = batch
  let { largestLogit } = likelihoods
  if (kind === 'logits') {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!)
      if (size > largestLogit && Number.isFinite(size)) largestLogit = size
    }
  }
  const previous = typeof crossEntropy === 'string' ? null : crossEntropy
  const isKnown = likelihoods.decimals !== undefined || kind !== 'probs'
  const decimals = isKnown ? likelihoods.decimals : shownDecimals(batch)
  const isWide = likelihoods.hasWideLosses === true || isNoHalf(batch.reportedLoss)
  return {
    ...likelihoods,
    ...(isWide && { hasWideLosses: true as const }),
    ...(decimals === undefined ? {} : { decimals }),
    batches: likelihoods.batches + 1,
    previous,
    runningTotal: likelihoods.runningTotal + (previous ?? 0),
    largestLogit,
    damaged: likelihoods.damaged + (nan.count > 0 ? 1 : 0),
  }
}
