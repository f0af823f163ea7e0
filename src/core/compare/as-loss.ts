import type { Contrast } from '../detect/comparison-rule.ts'
import type { MetricCurve } from './metric-curve.ts'

/** An accuracy above it is one in percent. */
const LARGEST_SHARE = 1.5

/** What the best accuracy would be, 1 or 100; null for losses, of which less is better. */
export function topOf(curves: readonly MetricCurve[]): 1 | 100 | null {
  if (curves.some(({ role }) => role !== 'accuracy')) return null
  return curves.some(({ value }) => value.some((one) => one > LARGEST_SHARE)) ? 100 : 1
}

/** A curve as one of which less is better: of an accuracy, what it lacks. */
export function asLoss(curve: MetricCurve, top: number | null): MetricCurve {
  return top === null ? curve : { ...curve, value: curve.value.map((one) => top - one) }
}

/** The contrast with its two levels as the log has them. */
export function asLogged(contrast: Contrast, top: number | null): Contrast {
  return top === null ? contrast : { ...contrast, level: top - contrast.level, baseline: top - contrast.baseline }
}
