import type { Evidence } from '../../protocol/alert.ts'
import { type Finite, isFinite } from '../../protocol/value.ts'
import type { Circumstances, Point } from './circumstances.ts'
import { short } from './number-wording.ts'

const GRADIENT_RISE = 10
const LOSS_RISE = 10
const RATE_JUMP = 3

/** A quantity that has grown by a large factor within the newest records. */
export interface Rise {
  readonly of: 'gradient norm' | 'loss' | 'learning rate'
  readonly sentence: string
  readonly evidence: Evidence
}

/** The quantities that have grown by a large factor before a finding. */
export function risesIn({ gradNorm, loss, learningRate, began = {} }: Circumstances['trend']): readonly Rise[] {
  return [
    rise('gradient norm', gradNorm, GRADIENT_RISE, began),
    rise('loss', loss, LOSS_RISE, began),
    rise('learning rate', learningRate, RATE_JUMP),
  ].filter((found) => found !== null)
}

/**
 * The rise of one quantity, or null. Several metrics may have its role; only the one that was logged last counts.
 *
 * Below where it began is noise near 0, and not a rise that breaks anything: from 0.001 to 0.1 is a hundredfold.
 */
function rise(
  of: Rise['of'],
  points: readonly Point[],
  factor: number,
  began: Readonly<Record<string, number>> = {},
): Rise | null {
  const metric = points.at(-1)?.metric
  const finite = points.filter(
    (point): point is Point & { value: Finite } => point.metric === metric && isFinite(point.value),
  )
  const last = finite.at(-1)
  const lowest = finite.reduce<(typeof finite)[number] | null>(
    (low, point) => (low === null || point.value < low.value ? point : low),
    null,
  )
  if (last === undefined || lowest === null || lowest.value <= 0 || last.value < factor * lowest.value) return null
  if (last.value < (began[last.metric] ?? 0)) return null
  const from = lowest.step === null ? '' : ` at step ${lowest.step}`
  const to = last.step === null ? '' : ` at step ${last.step}`
  return {
    of,
    sentence: `The ${of} rose from ${short(lowest.value)}${from} to ${short(last.value)}${to}.`,
    evidence: { name: `${of} rise`, value: Math.min(last.value / lowest.value, Number.MAX_VALUE) },
  }
}
