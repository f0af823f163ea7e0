import { isFinite } from '../../protocol/value.ts'
import type { Circumstances } from './circumstances.ts'

/** Whether a metric was not finite before, beside several values of a loss that were: then the loss does not depend on it. */
export function wasHarmless(metric: string, lossMetric: string, { trend }: Circumstances): boolean {
  const since = trend.brokenSince?.[metric] ?? null
  const kept = trend.loss.findLast((loss) => loss.metric === lossMetric && isFinite(loss.value))?.step ?? null
  return since !== null && kept !== null && since < kept
}
