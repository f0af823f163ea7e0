import type { Confidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { leastSure } from '../causes/confidence.ts'
import { CAUSE, causeOf } from '../causes/index.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import { LATE_NAN, ODD_TARGETS, type RatedCandidate, type SearchResult, withLateNan } from './search-result.ts'

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
  | { readonly kind: 'open'; readonly codes: readonly string[] }

/** A cause with a smaller share of the weight of the likeliest is not named. */
const NEGLIGIBLE = 1 / 20
/** Two causes whose weights differ by a smaller factor are not decided between. */
const CANNOT_TELL = 2
/** A cause with a smaller weight is left over only because nothing else fits, so its confidence is weak. */
const UNLIKELY = 0.003

/** Names the cause of a batch's loss if it is at least twice as likely as any other. */
export function likeliestCause(result: SearchResult, symptoms: Symptoms, reported: MetricValue | null): LikeliestCause {
  if (result.verdict === 'agrees') return { kind: 'nothing' }
  const rated = thatGive(reported, result, symptoms)
  const [top] = rated
  if (top === undefined) return { kind: 'open', codes: [] }
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
  { verdict, candidates }: SearchResult,
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
  return withLateNan(giving, symptoms, reported)
}

function codesOf(rated: readonly RatedCandidate[]): string[] {
  return [...new Set(rated.map(({ code }) => code).filter((code) => code !== null))]
}

function confidenceIn(
  { code, key, weight }: RatedCandidate,
  others: readonly RatedCandidate[],
  { nan, n }: Symptoms,
  reported: MetricValue | null,
): Confidence {
  const limits: Confidence[] = [causeOf(code ?? '')?.atMost ?? 'proven']
  if (others.length > 0 || key === LATE_NAN || key === ODD_TARGETS) limits.push('strong')
  if (reported === null || (code === CAUSE.nanInModel && nan.count < n)) limits.push('likely')
  if (weight < UNLIKELY) limits.push('weak')
  return leastSure(limits)
}
