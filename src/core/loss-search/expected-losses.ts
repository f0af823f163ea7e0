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
  linearToleranceOf,
  type Tolerance,
  toleranceOf,
} from './tolerance.ts'

/** The finite losses that a batch may have, kept until its loss is read in another file; plain JSON. */
export type Expected = {
  readonly dtype: Dtype
  /** The right losses: the mean cross-entropy, and other losses that a job may use on purpose. */
  readonly right: readonly number[]
  /** The priors of the right ones; not there in a state of an older version. */
  readonly rightPriors?: readonly number[]
  /** The other losses, the commonest first, each with the number of its cause, the key of its candidate, and its prior. */
  readonly wrong: readonly (readonly [value: number, cause: number, key: string, prior: number])[]
  readonly tolerance: Tolerance
  /** The wrong ones that are means of the predictions themselves, with an error of their own; not there where there is none. */
  readonly linear?: { readonly wrong: Expected['wrong']; readonly tolerance: Tolerance }
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
  const right = candidates.filter(({ code }) => code === null).slice(0, MAX_OF_EACH)
  const wrong = candidates.filter(({ code }) => code !== null)
  const linear = wrong.filter(({ isLinear }) => isLinear === true)
  return {
    dtype,
    right: right.map(({ value }) => brief(value)),
    rightPriors: right.map(({ prior }) => prior),
    wrong: wrong.map(kept).slice(0, MAX_OF_EACH),
    ...(linear.length > 0 && {
      linear: { wrong: linear.map(kept), tolerance: linearToleranceOf(batch, dtype, measure.printedDecimals) },
    }),
    tolerance: toleranceOf(batch, dtype, measure.printedDecimals),
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
  const margin = marginOf(tolerance, reported)
  if (margin > LEAST_PRECISION * Math.abs(reported) + ulpOfOne(dtype)) return searchLinear(expected, reported)
  const fits = (value: number) => isSameLoss(value, reported, tolerance)
  const fitting = expected.wrong.filter(([value]) => fits(value))
  const right = rightBeside(expected, fitting)
  const same = right.find(fits)
  if (same !== undefined) {
    const mean: RatedCandidate = { code: null, key: 'a right loss', value: metricValue(same), weight: 1 }
    return { verdict: 'agrees', dtype, candidates: [mean], isOpen }
  }
  // No binary cross-entropy of targets in [0, 1] is negative.
  if (hasOddTargets && reported < 0) {
    const odd: RatedCandidate = { code: CAUSE.targetOutside01, key: ODD_TARGETS, value: reported, weight: 0.5 }
    return { verdict: 'differs', dtype, candidates: [odd], isOpen }
  }
  if (fitting.length === 0) return isOpen ? { verdict: 'agrees', dtype, candidates: [], isOpen } : null
  if (fitting.some(([value]) => right.some((one) => Math.abs(one - value) <= CLEARANCE * margin))) return null
  return { verdict: 'differs', dtype, candidates: fitting.map(rated), isOpen }
}

/** By so much a wrong way is to be commoner than a right one that gives the same number. */
const COMMONER = 2

/** The right losses that are no rarer form of a wrong one: over rows and classes a divergence is rarely meant so. */
function rightBeside({ right, rightPriors = [] }: Expected, fitting: Expected['wrong']): readonly number[] {
  const prior = Math.max(0, ...fitting.map(([, , , prior]) => prior))
  return right.filter((_, at) => COMMONER * (rightPriors[at] ?? 1) > prior)
}

/** R32 of probabilities of few decimals, which are told better than their logarithms. No right loss is negative. */
function searchLinear({ dtype, isOpen, linear }: Expected, reported: Finite): SearchResult | null {
  if (linear === undefined || reported >= 0) return null
  const tolerance = asPrinted(linear.tolerance, reported)
  const fitting = hasDigits(reported, tolerance)
    ? linear.wrong.filter(([value]) => isSameLoss(value, reported, tolerance))
    : []
  return fitting.length === 0 ? null : { verdict: 'differs', dtype, candidates: fitting.map(rated), isOpen }
}

function rated([value, cause, key, weight]: Expected['wrong'][number]): RatedCandidate {
  return { code: codeOfNumber(cause), key, value: metricValue(value), weight }
}

function marginOf({ absolute, relative }: Tolerance, reported: number): number {
  return absolute + relative * Math.abs(reported)
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
  if (comparable === null) return before
  // The predictions give the mean with their own error; one by whose factor the loss is smaller is smaller by it as well.
  const isComparable =
    hasDigits(reported, asPrinted(tolerance, reported)) ||
    (hasDigits(comparable.mean, tolerance) && hasDigits(reported, asPrinted({ ...tolerance, absolute: 0 }, reported)))
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

function kept({ code, key, value, prior }: LossCandidate): Expected['wrong'][number] {
  return [brief(value), causeOf(code!)!.number, key, prior]
}

function brief(value: number): number {
  return Number(value.toPrecision(KEPT_DIGITS))
}
