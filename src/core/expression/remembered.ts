import type { Role } from '../../protocol/sample.ts'
import { isFinite, type MetricValue } from '../../protocol/value.ts'

/** What the user's rules need of one metric's past; plain JSON, of bounded size. */
export type Remembered = {
  readonly role: Role
  readonly last: MetricValue
  readonly previous: MetricValue | null
  /** Of all values, those that are no numbers included. */
  readonly count: number
  /** Of the finite values only, as all that follows: a NaN would stay for ever. Null before the first. */
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  readonly finite: number
  /** The newest ones, oldest first: as many as the longest window asks for. */
  readonly newest: readonly number[]
}

/** The memory of a metric after one more value. */
export function remember(
  before: Remembered | undefined,
  role: Role,
  value: MetricValue,
  longestWindow: number,
): Remembered {
  const { count = 0, min = null, max = null, mean = null, finite = 0, newest = [] } = before ?? {}
  const next = { role, last: value, previous: before?.last ?? null, count: count + 1, min, max, mean, finite, newest }
  if (!isFinite(value)) return next
  return {
    ...next,
    min: min === null ? value : Math.min(min, value),
    max: max === null ? value : Math.max(max, value),
    // Halves before it subtracts: the difference of two large numbers may be infinite.
    mean: mean === null ? value : mean + 2 * ((value / 2 - mean / 2) / (finite + 1)),
    finite: finite + 1,
    newest: longestWindow === 0 ? [] : [...newest, value].slice(-longestWindow),
  }
}
