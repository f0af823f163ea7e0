declare const finite: unique symbol

/** A number known not to be NaN or ±Infinity: the only kind that arithmetic may see. */
export type Finite = number & { readonly [finite]: true }

/** What a run logged in place of a number, spelled as proto3 JSON spells it. */
export type NonFinite = 'NaN' | 'Infinity' | '-Infinity'

/** Survives JSON and SQLite unchanged, where a bare NaN would turn into null. */
export type MetricValue = Finite | NonFinite

/** Any value that JSON can hold; the shape of every state the store keeps. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

export function metricValue(raw: number): MetricValue {
  return Number.isFinite(raw) ? (raw as Finite) : (String(raw) as NonFinite)
}

export function isFinite(value: MetricValue): value is Finite {
  return typeof value === 'number'
}

/** The IEEE 754 number again, for code that handles non-finite values by itself, such as the measures. */
export function toNumber(value: MetricValue): number {
  return Number(value)
}
