import { type Finite, type MetricValue, metricValue } from '../../protocol/value.ts'

/** How a metric's value lies in a row: see schema.ts. */
export interface ValueColumns {
  readonly value: number | null
  readonly kind: number
}

const KINDS = ['finite', 'NaN', 'Infinity', '-Infinity'] as const

export function toColumns(value: MetricValue): ValueColumns {
  return typeof value === 'number' ? { value, kind: 0 } : { value: null, kind: KINDS.indexOf(value) }
}

export function fromColumns({ value, kind }: ValueColumns): MetricValue {
  if (kind === 0) return value as Finite
  return metricValue(Number(KINDS[kind]))
}
