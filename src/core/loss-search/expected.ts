import { type Finite, metricValue } from '../../protocol/value.ts'
import { CAUSE, causeOf, codeOfNumber } from '../causes/index.ts'
import type { Dtype } from '../kernels/float-type.ts'
import type { BatchMeasure, PredictionBatch } from '../measure/prediction-batch.ts'
import { type Account, ODD_TARGETS, typeIn, type Way } from './account.ts'
import type { Reading } from './candidate.ts'
import { readingsOf } from './candidates.ts'
import { ulpOfOne } from './rounding.ts'
import { asPrinted, isSame, type Tolerance, toleranceOf } from './tolerance.ts'

/** The finite losses that a batch may turn out to have, for when its loss is read in another file; plain JSON. */
export type Expected = {
  readonly dtype: Dtype
  /** The numbers with which nothing is wrong: the mean loss, or that of another loss that is meant as it is. */
  readonly right: readonly number[]
  /** The others, the likeliest first: the number of the cause in its code, how it is computed, how common that is. */
  readonly wrong: readonly (readonly [value: number, cause: number, key: string, prior: number])[]
  readonly tolerance: Tolerance
  /** A target of its binary loss lies outside of [0, 1]. */
  readonly hasOddTargets: boolean
  /** Its own cross-entropy is infinite, and a finite loss not to be told from it. */
  readonly isOpen: boolean
}

/** Numbers that differ in later digits are one, for no log tells them apart, and are kept with a few digits more. */
const DIGITS = 6
const KEPT_DIGITS = 9
const MAX_OF_EACH = 32
/** A loss that is known less well than this fits too many ways by chance. */
const LEAST_PRECISION = 2e-3
/** So many times what cannot be told apart must lie between a wrong way and every right one. */
const CLEARANCE = 3

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
  const best = new Map<string, Reading>()
  for (const reading of readingsOf(subject)) {
    if (!Number.isFinite(reading.value)) continue
    const name = `${reading.code} ${reading.value.toPrecision(DIGITS)}`
    const known = best.get(name)
    if (known === undefined || known.prior < reading.prior) best.set(name, reading)
  }
  const readings = [...best.values()].sort((a, b) => b.prior - a.prior)
  const isBinary = batch.k === 1 || batch.labels.kind === 'soft'
  return {
    dtype,
    right: readings.flatMap(({ code, value }) => (code === null ? [brief(value)] : [])).slice(0, MAX_OF_EACH),
    wrong: readings
      .flatMap(({ code, key, value, prior }) =>
        code === null ? [] : [[brief(value), causeOf(code)!.number, key, prior] as const],
      )
      .slice(0, MAX_OF_EACH),
    tolerance: toleranceOf(batch, dtype),
    hasOddTargets: isBinary && measure.badLabel.count > 0 && measure.outOfRange.count === 0,
    isOpen: measure.crossEntropy === 'Infinity',
  }
}

/**
 * The account of the batch with a finite loss that another file gives for its step, or null where that tells nothing.
 *
 * That loss may be a mean over many steps or of another batch, so that a number
 * that nothing explains says nothing, and one of few digits neither.
 */
export function accountOfLoss(expected: Expected, reported: Finite): Account | null {
  const { dtype, isOpen, hasOddTargets } = expected
  const tolerance = asPrinted(expected.tolerance, reported)
  const margin = tolerance.absolute + tolerance.relative * Math.abs(reported)
  if (margin > LEAST_PRECISION * Math.abs(reported) + ulpOfOne(dtype)) return null
  const fits = (value: number) => isSame(value, reported, tolerance)
  const right = expected.right.find(fits)
  if (right !== undefined) {
    const way: Way = { code: null, key: 'a right loss', value: metricValue(right), weight: 1 }
    return { verdict: 'agrees', dtype, ways: [way], isOpen }
  }
  // No binary cross-entropy of targets in [0, 1] is negative.
  if (hasOddTargets && reported < 0) {
    const way: Way = { code: CAUSE.targetOutside01, key: ODD_TARGETS, value: reported, weight: 0.5 }
    return { verdict: 'differs', dtype, ways: [way], isOpen }
  }
  const fitting = expected.wrong.filter(([value]) => fits(value))
  if (fitting.length === 0) return isOpen ? { verdict: 'agrees', dtype, ways: [], isOpen } : null
  const isNear = (value: number) => expected.right.some((right) => Math.abs(right - value) <= CLEARANCE * margin)
  if (fitting.some(([value]) => isNear(value))) return null
  const ways = fitting.map(
    ([value, cause, key, weight]): Way => ({ code: codeOfNumber(cause), key, value: metricValue(value), weight }),
  )
  return { verdict: 'differs', dtype, ways, isOpen }
}

function brief(value: number): number {
  return Number(value.toPrecision(KEPT_DIGITS))
}
