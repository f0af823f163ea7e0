import { type Finite, isFinite, type NonFinite } from '../../protocol/value.ts'
import type { Circumstances, Point } from './circumstances.ts'

/** A gradient norm that was not finite beside the last loss that was. */
export interface BrokenGradient {
  readonly metric: string
  readonly value: NonFinite
  /** The step of the first of the norms in a row that were not finite. */
  readonly step: number | null
  readonly inARow: number
  readonly lossBeside: Finite
}

/**
 * The gradient norm that broke before the training loss of a finding did; null where the last one before was finite.
 *
 * A NaN that reaches the weights breaks the very next loss. So a norm further back, after which the loss was finite, was
 * one of a step that mixed precision skipped, and is not the cause.
 */
export function brokenGradientBefore({ rule, at, trend }: Circumstances): BrokenGradient | null {
  if ((rule !== 'non-finite' && rule !== 'masked-nan') || at.role !== 'train_loss') return null
  const losses = trend.loss.filter(({ metric }) => metric === at.metric)
  // A loss of exactly 0 beside a norm that is not finite is a NaN that the framework hides.
  const kept = losses.findLastIndex(({ value }) => isFinite(value) && value !== 0)
  if (kept < 0 || kept === losses.length - 1) return null
  const { step, value: lossBeside } = losses[kept]!
  const broken = trend.gradNorm.find((norm) => norm.step === step && !isFinite(norm.value))
  const norms = trend.gradNorm.filter(({ metric }) => metric === broken?.metric)
  const last = step === null ? atSamePlace(norms, losses, kept) : norms.findLastIndex((norm) => norm.step === step)
  const norm = norms[last]
  if (norm === undefined || isFinite(norm.value) || !isFinite(lossBeside)) return null
  const before = norms.slice(0, last).findLastIndex(({ value }) => isFinite(value))
  return {
    metric: norm.metric,
    value: norm.value,
    step: norms[before + 1]!.step,
    inARow: last - before,
    lossBeside,
  }
}

/** In a log without steps a record has both or neither, where there are as many of each. */
function atSamePlace(norms: readonly Point[], losses: readonly Point[], index: number): number {
  return norms.length === losses.length ? index : -1
}
