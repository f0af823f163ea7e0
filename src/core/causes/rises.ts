import type { Evidence } from '../../protocol/alert.ts'
import { type Finite, isFinite, toNumber } from '../../protocol/value.ts'
import type { Circumstances, Point } from './circumstances.ts'
import { short } from './number-wording.ts'

const GRADIENT_RISE = 10
const LOSS_RISE = 10
const RATE_JUMP = 3
/** What has risen stands at so many times the median of the values before it: one low value among them is no level. */
const ABOVE_LEVEL = 2
/** A rate that stood or fell before it leapt rose by less than this factor. In a warm-up it rises from the first record on. */
const STOOD = 1.5

/** A quantity that has grown by a large factor within the newest records. */
export interface Rise {
  readonly of: 'gradient norm' | 'loss' | 'learning rate'
  readonly sentence: string
  readonly evidence: Evidence
}

/** The quantities that have grown by a large factor before a finding. */
export function risesIn({ gradNorm, loss, learningRate, began = {} }: Circumstances['trend']): readonly Rise[] {
  const grown = [rise('gradient norm', gradNorm, GRADIENT_RISE, began), rise('loss', loss, LOSS_RISE, began)].filter(
    (found) => found !== null,
  )
  const rate = grown.length > 0 || hasLeapt(learningRate) ? rise('learning rate', learningRate, RATE_JUMP) : null
  return rate === null ? grown : [...grown, rate]
}

/** Whether a rate that stood or fell was raised at once. The rise of a warm-up alone explains nothing. */
function hasLeapt(points: readonly Point[]): boolean {
  const rates = points.filter(({ metric }) => metric === points.at(-1)?.metric).map(({ value }) => toNumber(value))
  return rates.some((rate, at) => {
    const [before, last] = [rates[at - 2] ?? 0, rates[at - 1] ?? 0]
    return before > 0 && last < STOOD * before && rate >= RATE_JUMP * last
  })
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
  if (of !== 'learning rate' && last.value < ABOVE_LEVEL * levelOf(finite.slice(0, -1))) return null
  const from = lowest.step === null ? '' : ` at step ${lowest.step}`
  const to = last.step === null ? '' : ` at step ${last.step}`
  return {
    of,
    sentence: `The ${of} rose from ${short(lowest.value)}${from} to ${short(last.value)}${to}.`,
    evidence: { name: `${of} rise`, value: Math.min(last.value / lowest.value, Number.MAX_VALUE) },
  }
}

/** The median of some values, the lower one of two. */
function levelOf(points: readonly Point[]): number {
  const values = points.map(({ value }) => toNumber(value)).sort((one, other) => one - other)
  return values[Math.floor((values.length - 1) / 2)] ?? 0
}
