import { isFinite, type MetricValue } from '../../protocol/value.ts'
import { short } from '../causes/number-wording.ts'
import type { Sighting } from './rule.ts'

export { short }

/** "step 812: ", or "" where the log gives no step. */
export function atStep(step: number | null): string {
  return step === null ? '' : `step ${step}: `
}

/** "3.2 s", "12 min", "4.5 h". */
export function duration(ms: number): string {
  const rounded = (value: number) => String(Number(value.toPrecision(2)))
  if (ms < 60_000) return `${rounded(ms / 1000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${rounded(ms / 3_600_000)} h`
}

/** "at 23 times that" for a value above a level, or "" where a ratio is meaningless. */
export function atTimes(value: MetricValue, level: number): string {
  return isFinite(value) && value > level && level > 0 ? `at ${short(value / level)} times that` : ''
}

/** "loss is NaN." */
export function saysValue({ metric, value }: Sighting): string {
  return `${metric} is ${short(value)}.`
}

/** "loss jumped to 12." */
export function saysJump({ metric, value }: Sighting): string {
  return `${metric} jumped to ${short(value)}.`
}
