import type { Confidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { leastSure } from '../causes/confidence.ts'
import { CAUSE, causeOf } from '../causes/index.ts'
import { countedRows, isInFull, isInHalves, type Symptoms } from '../measure/symptoms.ts'
import { LATE, LATE_NAN, ODD_TARGETS, type RatedCandidate, type SearchResult, withLateNan } from './search-result.ts'

/** The result of a search: one cause, several that fit about equally well, or nothing to explain. */
export type LikeliestCause =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'cause'
      readonly code: string
      readonly confidence: Confidence
      readonly candidate: RatedCandidate
      /** Less likely causes that give the same number on this batch. */
      readonly others: readonly string[]
    }
  /** With `missed`, each of them is what the predictions alone suggest, and so many finite losses before it speak against it. */
  | { readonly kind: 'open'; readonly codes: readonly string[]; readonly missed?: number }

/** A cause with a smaller share of the weight of the likeliest is not named. */
const NEGLIGIBLE = 1 / 20
/** Two causes whose weights differ by a smaller factor are not decided between. */
const CANNOT_TELL = 2
/** A cause with a smaller weight is left over only because nothing else fits, so its confidence is weak. */
const UNLIKELY = 0.003

/** Names the cause of a batch's loss if it is at least twice as likely as any other. */
export function likeliestCause(result: SearchResult, symptoms: Symptoms, reported: MetricValue | null): LikeliestCause {
  if (result.verdict === 'agrees') return { kind: 'nothing' }
  const giving = thatGive(reported, result, symptoms)
  const rated = giving.filter((candidate) => !isContradicted(candidate))
  const [top] = rated
  if (top === undefined) return { kind: 'open', codes: codesOf(giving), ...missedBy(giving[0]) }
  if (top.code === null) return { kind: 'nothing' }
  const others = rated.filter(({ code, weight }) => code !== top.code && weight > top.weight * NEGLIGIBLE)
  const near = others.filter(({ weight }) => weight * CANNOT_TELL > top.weight)
  if (near.some(({ code }) => code === null)) return { kind: 'nothing' }
  if (near.length > 0) return { kind: 'open', codes: codesOf([top, ...near]) }
  return {
    kind: 'cause',
    code: top.code,
    confidence: confidenceIn(top, others, symptoms, reported),
    candidate: top,
    others: codesOf(others),
  }
}

/** The candidates that give the reported loss. While it is not known, those that give a loss that is not finite. */
function thatGive(
  reported: MetricValue | null,
  { verdict, candidates, late = LATE.tally! }: SearchResult,
  symptoms: Symptoms,
): readonly RatedCandidate[] {
  if (verdict !== 'unknown') return candidates
  if (reported === null) {
    return candidates.filter(
      ({ code, value }) => symptoms.zeroOnTruth.count === 0 || value !== 'NaN' || code === CAUSE.targetOutside01,
    )
  }
  if (isFinite(reported)) return []
  const giving = candidates.filter(({ value }) => value === reported)
  if (giving.length === 0 && reported === '-Infinity' && mayHaveOddTargets(symptoms))
    return [{ code: CAUSE.targetOutside01, key: ODD_TARGETS, value: reported, weight: 0.5 }]
  return withLateNan(giving, symptoms, reported, { ...LATE, tally: late })
}

/** Whether the targets of a binary loss lie outside of [0, 1]. Only by such ones is it −∞, where no candidate gives its number. */
function mayHaveOddTargets({ k, badLabel, outOfRange }: Symptoms): boolean {
  return k === 1 && badLabel.count > 0 && outOfRange.count === 0
}

/** How many finite losses may be others than a way of computing gives, as a share of those that it gives. */
const MOST_MISSED = 0.1

/**
 * Whether the finite losses before a NaN or an infinity show that the job does not compute it this way.
 *
 * What is not finite has no digits of its own to prove a way by.
 */
function isContradicted({ value, isRefuted, tally: [reproduced, missed] = [0, 0] }: RatedCandidate): boolean {
  if (isRefuted === true) return true
  if (isFinite(value) || missed === 0) return false
  return reproduced === 0 || missed > Math.max(1, MOST_MISSED * reproduced)
}

function missedBy(candidate: RatedCandidate | undefined): { missed?: number } {
  return candidate?.tally === undefined ? {} : { missed: candidate.tally[1] }
}

function codesOf(rated: readonly RatedCandidate[]): string[] {
  return [...new Set(rated.map(({ code }) => code).filter((code) => code !== null))]
}

/** The causes that show in zeros and ones. */
const OF_ZEROS: readonly (string | null)[] = [
  CAUSE.logZero,
  CAUSE.zeroTimesLogZero,
  CAUSE.clipLostInFloat32,
  CAUSE.epsilonLostInFloat16,
]

function confidenceIn(
  { code, key, value, weight, tally, isNoNews }: RatedCandidate,
  others: readonly RatedCandidate[],
  symptoms: Symptoms,
  reported: MetricValue | null,
): Confidence {
  const limits: Confidence[] = [causeOf(code ?? '')?.atMost ?? 'proven']
  if (others.length > 0 || key === LATE_NAN || key === ODD_TARGETS || !isFinite(value)) limits.push('strong')
  if (reported === null || (code === CAUSE.nanInModel && symptoms.nan.count < countedRows(symptoms)))
    limits.push('likely')
  if (!isFinite(value) && tally !== undefined && (tally[0] === 0 || tally[1] > 0)) limits.push('likely')
  // Predictions that were so before, or from the first batch on, may be those of any job that goes wrong.
  if (isNoNews === true && (tally?.[0] ?? 0) === 0) limits.push('weak')
  // That predictions are stored in float16 does not say that the loss was computed in it. Finite losses before it do.
  if (code === CAUSE.epsilonLostInFloat16 && (tally?.[0] ?? 0) === 0) limits.push('weak')
  const isOfZeros = !isFinite(value) && OF_ZEROS.includes(code)
  if (isOfZeros && isInHalves(symptoms)) limits.push('likely')
  if (weight < UNLIKELY || (isOfZeros && !isInFull(symptoms))) limits.push('weak')
  return leastSure(limits)
}
