import { type Finite, type MetricValue, metricValue } from '../../protocol/value.ts'

/** A metric's value as two columns of a row, which `schema-1.ts` explains. */
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
