import type { Role } from '../../protocol/sample.ts'

/** The finite values of one metric of a run, attempt joined to attempt, in the order of their places. */
export interface MetricCurve {
  readonly metric: string
  readonly role: Role
  readonly file: string
  /** What the places count: steps, or the values themselves where the log counts no steps. */
  readonly axis: 'step' | 'value'
  /** Where each value stands. It never falls; several values may share a place. */
  readonly at: Float64Array
  readonly value: Float64Array
  /** Where each value was read. */
  readonly origin: readonly CurveOrigin[]
}

export interface CurveOrigin {
  /** The step as the log has it: it may begin anew with each epoch. */
  readonly step: number | null
  readonly attempt: number
  readonly offset: number | null
}

/** What is known of a run for a comparison. */
export interface RunCurves {
  readonly run: string
  readonly curves: readonly MetricCurve[]
  /** The names of all of its metrics. */
  readonly metrics: ReadonlySet<string>
}

/** Where the last value was read that stands at a place, or before it. */
export function originAt({ at, origin }: MetricCurve, place: number): CurveOrigin {
  return origin[
    Math.max(
      0,
      at.findLastIndex((one) => one <= place),
    )
  ]!
}
