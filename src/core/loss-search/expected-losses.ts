import { type Finite, metricValue } from '../../protocol/value.ts'
import { CAUSE, causeOf, codeOfNumber } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import { isOfRegression } from '../measure/regression.ts'
import { ulpOfOne } from '../measure/rounding.ts'
import { typeIn } from './batch-search.ts'
import type { LossCandidate } from './candidate.ts'
import { candidatesOf } from './candidates.ts'
import { comparableOf } from './difference.ts'
import { leftOutLabel, meanWithoutLabel } from './left-out-label.ts'
import { type Difference, newest } from './likelihood.ts'
import { ODD_TARGETS, type RatedCandidate, type SearchResult } from './search-result.ts'
import { candidatesOfMany } from './shared-constants.ts'
import {
  asPrinted,
  CLEARANCE,
  hasDigits,
  isSameLoss,
  LEAST_PRECISION,
  type Tolerance,
  toleranceOf,
} from './tolerance.ts'

/** The finite losses that a batch may have, kept until its loss is read in another file; plain JSON. */
export type Expected = {
  readonly dtype: Dtype
  /** The right losses: the mean cross-entropy, and other losses that a job may use on purpose. */
  readonly right: readonly number[]
  /** The other losses, the commonest first, each with the number of its cause, the key of its candidate, and its prior. */
  readonly wrong: readonly (readonly [value: number, cause: number, key: string, prior: number])[]
  readonly tolerance: Tolerance
  /** By what it is compared with others whose losses no way of computing gives; not there in a state of an older version. */
  readonly comparable?: Omit<Difference, 'reported'> | null
  /** Whether a target of its binary loss lies outside of [0, 1]. */
  readonly hasOddTargets: boolean
  /** Whether the recomputed cross-entropy is infinite, so that a finite loss cannot be compared with it. */
  readonly isOpen: boolean
}

/** Candidates whose numbers agree in this many digits count as one: no log shows the difference. */
const DIGITS = 6
/** The digits with which numbers are kept. */
const KEPT_DIGITS = 9
const MAX_OF_EACH = 32

/** Computes the finite losses that a batch may have. */
export function expectedLosses(batch: PredictionBatch, measure: BatchMeasure): Expected {
  const dtype = typeIn(batch)
  const subject = {
    batch,
    measure,
    dtype,
    wantsFailuresOnly: false,
    isDamagedFromTheStart: false,
    largestLogitBefore: 0,
  }
  const best = new Map<string, LossCandidate>()
  for (const candidate of candidatesOf(subject)) {
    if (!Number.isFinite(candidate.value)) continue
    const name = `${candidate.code} ${candidate.value.toPrecision(DIGITS)}`
    const known = best.get(name)
    if (known === undefined || known.prior < candidate.prior) best.set(name, candidate)
  }
  const candidates = [...best.values()].sort((a, b) => b.prior - a.prior)
  const isBinary = batch.k === 1 || batch.labels.kind === 'soft'
  return {
    dtype,
    right: candidates.flatMap(({ code, value }) => (code === null ? [brief(value)] : [])).slice(0, MAX_OF_EACH),
    wrong: candidates
      .flatMap(({ code, key, value, prior }) =>
        code === null ? [] : [[brief(value), causeOf(code)!.number, key, prior] as const],
      )
      .slice(0, MAX_OF_EACH),
    tolerance: toleranceOf(batch, dtype),
    comparable: comparableOf(subject),
    hasOddTargets: isBinary && measure.badLabel.count > 0 && measure.outOfRange.count === 0 && !isOfRegression(batch),
    isOpen: measure.crossEntropy === 'Infinity',
  }
}

/**
 * Finds how a finite loss was computed that another file gives for the step of the batch; null where it shows nothing.
 *
 * That loss may be a mean over many steps, or of another batch. So a number that
 * no candidate gives shows nothing, and neither does a number of few digits.
 */
export function searchExpected(expected: Expected, reported: Finite): SearchResult | null {
  const { dtype, isOpen, hasOddTargets } = expected
  const tolerance = asPrinted(expected.tolerance, reported)
  const margin = tolerance.absolute + tolerance.relative * Math.abs(reported)
  if (margin > LEAST_PRECISION * Math.abs(reported) + ulpOfOne(dtype)) return null
  const fits = (value: number) => isSameLoss(value, reported, tolerance)
  const right = expected.right.find(fits)
  if (right !== undefined) {
    const mean: RatedCandidate = { code: null, key: 'a right loss', value: metricValue(right), weight: 1 }
    return { verdict: 'agrees', dtype, candidates: [mean], isOpen }
  }
  // No binary cross-entropy of targets in [0, 1] is negative.
  if (hasOddTargets && reported < 0) {
    const odd: RatedCandidate = { code: CAUSE.targetOutside01, key: ODD_TARGETS, value: reported, weight: 0.5 }
    return { verdict: 'differs', dtype, candidates: [odd], isOpen }
  }
  const fitting = expected.wrong.filter(([value]) => fits(value))
  if (fitting.length === 0) return isOpen ? { verdict: 'agrees', dtype, candidates: [], isOpen } : null
  const isNear = (value: number) => expected.right.some((right) => Math.abs(right - value) <= CLEARANCE * margin)
  if (fitting.some(([value]) => isNear(value))) return null
  const candidates = fitting.map(
    ([value, cause, key, weight]): RatedCandidate => ({
      code: codeOfNumber(cause),
      key,
      value: metricValue(value),
      weight,
    }),
  )
  return { verdict: 'differs', dtype, candidates, isOpen }
}

/** R22: the loss is that of the batch of the dump before. A mean of many, as logs of epochs have, is what it says. */
export function searchStale(
  { dtype, isOpen, tolerance }: Expected,
  before: Expected | null,
  reported: Finite,
): SearchResult | null {
  const mean = before?.comparable?.mean
  const printed = asPrinted(tolerance, reported)
  if (mean === undefined || !hasDigits(reported, printed) || !isSameLoss(mean, reported, printed)) return null
  const stale = { code: CAUSE.staleLoss, key: 'loss of the batch before', value: metricValue(mean), weight: 0.1 }
  return { verdict: 'differs', dtype, candidates: [stale], isOpen }
}

/** The batches before whose losses no way of computing gives, with this one, where its loss has digits enough to be compared. */
export function differencesWith(
  before: readonly Difference[],
  { comparable = null, tolerance }: Expected,
  reported: Finite,
): readonly Difference[] {
  const isComparable = comparable !== null && hasDigits(reported, asPrinted(tolerance, reported))
  return isComparable ? newest(before, { reported, ...comparable }) : before
}

/** What several batches in a row show together, the newest of which has this loss; null where they show nothing. */
export function searchMany(
  { dtype, isOpen }: Expected,
  differences: readonly Difference[],
  reported: Finite,
): SearchResult | null {
  if (leftOutLabel(differences) !== null)
    return { verdict: 'agrees', dtype, candidates: [meanWithoutLabel(reported)], isOpen }
  const candidates = candidatesOfMany(differences, reported)
  return candidates.length === 0 ? null : { verdict: 'differs', dtype, candidates, isOpen }
}

function brief(value: number): number {
  return Number(value.toPrecision(KEPT_DIGITS))
}
