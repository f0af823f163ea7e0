import { metricValue, type NonFinite } from '../../protocol/value.ts'

/** What `kind` says a value is. SQLite stores a bound NaN as NULL without a word, so each row of one that is not finite says it. */
const KINDS = ['finite', 'NaN', 'Infinity', '-Infinity'] as const

/** A sample that is not finite, as it is listed. */
export interface NonFiniteRow {
  readonly ordinal: number
  readonly step: number | null
  readonly kind: number
}

/** The value of a kind that is not finite. */
export function fromKind(kind: number): NonFinite {
  return metricValue(Number(KINDS[kind])) as NonFinite
}

/** The kind of a bare float64, as a chunk holds them. */
export function kindOf(value: number): number {
  return Number.isFinite(value) ? 0 : KINDS.indexOf(String(value) as (typeof KINDS)[number])
}
