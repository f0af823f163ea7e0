import type { Confidence } from '../../protocol/alert.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { leastSure } from '../causes/confidence.ts'
import { CAUSE, causeOf } from '../causes/index.ts'
import type { Symptoms } from '../measure/symptoms.ts'
import { type Account, CANNOT_TELL, LATE_NAN, ODD_TARGETS, type Way, withLateNan } from './account.ts'

/** What the ways that are left come to: one cause, several that fit as well, or nothing to explain. */
export type Conclusion =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'cause'
      readonly code: string
      readonly confidence: Confidence
      readonly way: Way
      /** Less likely causes that give the same number on this batch. */
      readonly others: readonly string[]
    }
  | { readonly kind: 'open'; readonly candidates: readonly string[] }

/** Below this share of the likeliest, a cause is not worth its name. */
const NEGLIGIBLE = 1 / 20
/** So unlikely, after all batches, that it stands only because nothing else does. */
const UNLIKELY = 0.003

/** Names the cause of a batch's loss where one is at least twice as likely as the next. */
export function conclude(account: Account, measure: Symptoms, reported: MetricValue | null): Conclusion {
  if (account.verdict === 'agrees') return { kind: 'nothing' }
  const ways = waysTo(account, measure, reported)
  const [top] = ways
  if (top === undefined) return { kind: 'open', candidates: [] }
  if (top.code === null) return { kind: 'nothing' }
  const others = ways.filter(({ code, weight }) => code !== top.code && weight > top.weight * NEGLIGIBLE)
  const near = others.filter(({ weight }) => weight * CANNOT_TELL > top.weight)
  if (near.some(({ code }) => code === null)) return { kind: 'nothing' }
  if (near.length > 0) return { kind: 'open', candidates: codesOf([top, ...near]) }
  return {
    kind: 'cause',
    code: top.code,
    confidence: confidenceIn(top, others, measure, reported),
    way: top,
    others: codesOf(others),
  }
}

/** The ways to this loss; before it is known, those to any loss that is not finite. */
function waysTo(account: Account, measure: Symptoms, reported: MetricValue | null): readonly Way[] {
  if (account.verdict !== 'unknown') return account.ways
  if (reported === null) {
    return account.ways.filter(
      ({ code, value }) => measure.zeroOnTruth.count === 0 || value !== 'NaN' || code === CAUSE.targetOutside01,
    )
  }
  if (isFinite(reported)) return []
  const ways = account.ways.filter(({ value }) => value === reported)
  return withLateNan(ways, measure, reported)
}

function codesOf(ways: readonly Way[]): string[] {
  return [...new Set(ways.map(({ code }) => code).filter((code) => code !== null))]
}

function confidenceIn(
  { code, key, weight }: Way,
  others: readonly Way[],
  { nan, n }: Symptoms,
  reported: MetricValue | null,
): Confidence {
  const limits: Confidence[] = [causeOf(code ?? '')?.atMost ?? 'proven']
  if (others.length > 0 || key === LATE_NAN || key === ODD_TARGETS) limits.push('strong')
  if (reported === null || (code === CAUSE.nanInModel && nan.count < n)) limits.push('likely')
  if (weight < UNLIKELY) limits.push('weak')
  return leastSure(limits)
}
