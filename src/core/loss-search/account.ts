import { type Finite, type MetricValue, metricValue, toNumber } from '../../protocol/value.ts'
import { CAUSE } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import type { Reading, Subject } from './candidate.ts'
import { readingsOf } from './candidates.ts'
import { differenceOf } from './difference.ts'
import { NO_THEORY, type Theory, weightOf, withDifference, withSearched } from './likelihood.ts'
import { patternsOf } from './patterns.ts'
import { dtypeOf } from './rounding.ts'
import { asPrinted, isSame, toleranceOf } from './tolerance.ts'

/** One way that is left, and how likely it is. */
export type Way = {
  readonly code: string | null
  readonly key: string
  readonly value: MetricValue
  readonly weight: number
}

/**
 * How the loss of one batch may have been computed; plain JSON.
 *
 * `agrees`: the reported loss is a right one. `differs`: it is finite and is not
 * what the predictions give. `failed`: it is not finite. `unknown`: none was
 * reported, so `ways` are those by which it would fail.
 */
export type Account = {
  readonly verdict: 'agrees' | 'differs' | 'failed' | 'unknown'
  readonly dtype: Dtype
  /** The likeliest way of each code and number, the likeliest first. */
  readonly ways: readonly Way[]
  /** Whether the predictions leave it open what the loss was: one of exactly 0 may have cost anything. */
  readonly isOpen: boolean
}

/** Two ways that are nearer to each other are both named. */
export const CANNOT_TELL = 2

export const LATE_NAN = 'log(0), then ∞·0'
export const ODD_TARGETS = 'targets outside of [0, 1]'

const MAX_WAYS = 12

const LATE_READING: Reading = { key: LATE_NAN, code: CAUSE.logZero, value: Number.NaN, prior: 0.1, habit: 'hidden' }

/**
 * The account of one batch, and what it adds to the theory of its attempt; null for a batch with nothing odd about it.
 *
 * Only the loss that was logged with the batch enters. One from another file may
 * be read before or after it, and neither must change what is found.
 */
export function accountOf(
  before: Theory,
  batch: PredictionBatch,
  measure: BatchMeasure,
  attempt: number,
): { readonly theory: Theory; readonly account: Account | null } {
  const { reportedLoss } = batch
  const theory = before.attempt === attempt ? before : { ...NO_THEORY, attempt }
  const judged = isPlain(batch, measure, reportedLoss)
    ? { theory: { ...theory, agreed: theory.agreed + (reportedLoss === null ? 0 : 1) }, account: null }
    : searched(theory, batch, measure, reportedLoss)
  return { ...judged, theory: withBatch(judged.theory, batch, measure) }
}

/** Nothing about it is odd, and the reported loss, if any, is right to the digits of a float32: all that a healthy batch costs. */
function isPlain(batch: PredictionBatch, measure: BatchMeasure, reportedLoss: MetricValue | null): boolean {
  const { zeroOnTruth, zeroOffTruth, nan, infinite, outOfRange, badLabel, notNormalised, used } = measure
  const odd = [zeroOnTruth, zeroOffTruth, nan, infinite, outOfRange, badLabel]
  if (used === 0 || odd.some(({ count }) => count > 0)) return false
  // Logits have no zeros to count: only how far apart they are tells that a softmax in between would fail.
  if (reportedLoss === null) return batch.kind !== 'logits' || !isFarApart(batch)
  if (typeof reportedLoss === 'string' || notNormalised.count > 0) return false
  return isRight(measure, reportedLoss)
}

function isRight({ crossEntropy }: BatchMeasure, reportedLoss: Finite): boolean {
  return Math.abs(toNumber(crossEntropy) - reportedLoss) <= 1e-6 + 1e-5 * Math.abs(reportedLoss)
}

/** Between logits below half of the gap at which a softmax of the type is 0, no softmax is, and no exp overflows. */
const HARMLESS_LOGIT: Readonly<Record<Dtype, number>> = { float16: 8, bfloat16: 44, float32: 44, float64: 350 }

function isFarApart(batch: PredictionBatch): boolean {
  const { values } = batch
  const limit = HARMLESS_LOGIT[typeIn(batch)]
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > limit) return true
  return false
}

/** The type in which the job computed; where nothing tells, the usual one. */
export function typeIn({ dtype, values }: PredictionBatch): Dtype {
  return dtype ?? dtypeOf(values) ?? 'float32'
}

function searched(
  before: Theory,
  batch: PredictionBatch,
  measure: BatchMeasure,
  reportedLoss: MetricValue | null,
): { readonly theory: Theory; readonly account: Account } {
  const dtype = typeIn(batch)
  const subject: Subject = {
    batch,
    measure,
    dtype,
    wantsFailuresOnly: typeof reportedLoss !== 'number' || isRight(measure, reportedLoss),
    isDamagedFromTheStart: before.damaged === before.batches,
    largestLogitBefore: before.largestLogit,
  }
  const readings = [...readingsOf(subject), ...historicReadings(before, measure)]
  const isOpen = measure.crossEntropy === 'Infinity'
  if (reportedLoss === null) {
    const ways = waysOf(
      readings.filter(({ value }) => !Number.isFinite(value)),
      before,
    )
    return { theory: before, account: { verdict: 'unknown', dtype, ways, isOpen } }
  }
  const reported = toNumber(reportedLoss)
  const tolerance = asPrinted(toleranceOf(batch, dtype), reported)
  const explains = (reading: Reading) => isSame(reading.value, reported, tolerance)
  const explaining = readings.filter(explains)
  const ways = withOddTargets(waysOf(explaining, before), batch, measure, reportedLoss)
  let theory = withSearched(before, readings, explains)
  if (!Number.isFinite(reported)) {
    const late = withLateNan(ways, measure, reportedLoss, weightOf(LATE_READING, before))
    return { theory, account: { verdict: 'failed', dtype, ways: late, isOpen } }
  }
  // Where a zero on the truth cost something finite, its logarithm is guarded.
  if (measure.zeroOnTruth.count > 0) theory = withSearched(theory, [LATE_READING], () => false)
  // A finite loss beside an infinite one of our own may have been computed from logits that are not logged.
  if (ways[0]?.code === null || (ways.length === 0 && isOpen)) {
    return { theory: { ...theory, agreed: theory.agreed + 1 }, account: { verdict: 'agrees', dtype, ways, isOpen } }
  }
  const difference = differenceOf(subject, reported)
  if (difference !== null) theory = withDifference(theory, difference)
  const patterns = patternsOf(theory.differences).map(
    ({ code, finding, weight }): Way => ({ code, key: finding, value: reportedLoss, weight }),
  )
  return { theory, account: { verdict: 'differs', dtype, ways: sorted([...ways, ...patterns]), isOpen } }
}

/** A target outside of [0, 1] explains a binary loss even where saturated predictions do not give its number any more. */
function withOddTargets(
  ways: readonly Way[],
  { k, labels }: PredictionBatch,
  { badLabel }: BatchMeasure,
  value: MetricValue,
): readonly Way[] {
  if (ways.length > 0 || badLabel.count === 0 || (k > 1 && labels.kind === 'hard')) return ways
  return [{ code: CAUSE.targetOutside01, key: ODD_TARGETS, value, weight: 0.5 }]
}

/** With a zero on the truth whose NaN no form of the loss gives: the backward pass makes one of the −∞. */
export function withLateNan(
  ways: readonly Way[],
  { zeroOnTruth }: Symptoms,
  reported: MetricValue | null,
  weight = LATE_READING.prior,
): readonly Way[] {
  if (reported !== 'NaN' || zeroOnTruth.count === 0) return ways
  return sorted([...ways, { code: LATE_READING.code, key: LATE_NAN, value: 'NaN', weight }])
}

/** R22: what was true of the batch before, or of all so far. */
function historicReadings({ previous, batches, runningTotal }: Theory, { crossEntropy }: BatchMeasure): Reading[] {
  if (previous === null || typeof crossEntropy === 'string') return []
  const mean = (runningTotal + crossEntropy) / (batches + 1)
  const reading = (key: string, value: number): Reading => ({
    key,
    code: CAUSE.staleLoss,
    value,
    prior: 0.1,
    habit: 'always',
  })
  return [reading('loss of the batch before', previous), reading('mean of all batches so far', mean)]
}

function waysOf(readings: readonly Reading[], theory: Theory): readonly Way[] {
  const best = new Map<string, Way>()
  for (const reading of readings) {
    const way = {
      code: reading.code,
      key: reading.key,
      value: metricValue(reading.value),
      weight: weightOf(reading, theory),
    }
    const name = `${way.code} ${typeof way.value === 'string' ? way.value : 'finite'}`
    const known = best.get(name)
    if (known === undefined || known.weight < way.weight) best.set(name, way)
  }
  return sorted([...best.values()])
}

function sorted(ways: readonly Way[]): readonly Way[] {
  return [...ways].sort((a, b) => b.weight - a.weight).slice(0, MAX_WAYS)
}

function withBatch(theory: Theory, { kind, values }: PredictionBatch, { crossEntropy, nan }: BatchMeasure): Theory {
  let { largestLogit } = theory
  if (kind === 'logits') {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!)
      if (size > largestLogit && Number.isFinite(size)) largestLogit = size
    }
  }
  const previous = typeof crossEntropy === 'string' ? null : crossEntropy
  return {
    ...theory,
    batches: theory.batches + 1,
    previous,
    runningTotal: theory.runningTotal + (previous ?? 0),
    largestLogit,
    damaged: theory.damaged + (nan.count > 0 ? 1 : 0),
  }
}
